--[[
  Holds an order by a person's word, or lets it go: a held one is neither erased nor forgotten when its retention is over.
  KEYS: 1 order
  ARGV: 1 JSON step: hold (JSON) or absent, settled [states], ttl (ms that a settled order is kept)
  Returns: 1 done, 2 it is so already, 3 there is no such order
]]
--- @include "contains"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'hold')
if not order[1] then
  return 3
end
if (order[2] ~= false) == (step.hold ~= nil) then
  return 2
end
if step.hold then
  redis.call('HSET', KEYS[1], 'hold', step.hold)
  redis.call('PERSIST', KEYS[1])
else
  redis.call('HDEL', KEYS[1], 'hold')
  if contains(step.settled, order[1]) then
    redis.call('PEXPIRE', KEYS[1], step.ttl)
  end
end
return 1
