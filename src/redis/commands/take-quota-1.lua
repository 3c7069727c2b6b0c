--[[
  Counts one use within a window that begins with the first.
  KEYS: 1 counter
  ARGV: 1 limit  2 window in ms
  Returns: 1 counted, 0 the limit is used up
]]
local used = tonumber(redis.call('GET', KEYS[1]) or 0)
if used >= tonumber(ARGV[1]) then
  return 0
end
if redis.call('INCR', KEYS[1]) == 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1
