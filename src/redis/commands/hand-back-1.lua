--[[
  The refund, commit or release that the holder was permitted to send did not leave, or an error answer says that nothing was
  done with it: the next send of it is a first one again, without T (RFC 6733 3). Only for a first send: once another one may
  have arrived T stays (E2), and what is not marked here counts as sent, whoever takes it over (E1).
  KEYS: 1 order
  ARGV: 1 JSON step: fence, from [states], what
  Returns: 1 handed back, 0 stale fence, answered meanwhile, or not the first send
]]
--- @include "contains"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'fence', 'first')
if not contains(step.from, order[1]) or tonumber(order[2]) ~= step.fence or order[3] ~= step.what then
  return 0
end
redis.call('HDEL', KEYS[1], 'first')
redis.call('HSET', KEYS[1], 'unsent', step.what)
return 1
