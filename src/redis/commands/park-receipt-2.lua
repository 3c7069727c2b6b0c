--[[
  Finds the text that a receipt is about, or parks the receipt: it may come before its submit_sm_resp.
  KEYS: 1 receipt key  2 early receipt
  ARGV: 1 receipt {state, error} as JSON, or '' for a state that is not final  2 ms to park
  Returns: the text's id, or '' when none waits for it
]]
local id = redis.call('GET', KEYS[1])
if id then
  return id
end
if ARGV[1] ~= '' then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
end
return ''
