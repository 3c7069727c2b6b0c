--[[
  Stores a refund's identity once, before its first send; a later call finds the stored one (E6).
  KEYS: 1 order
  ARGV: 1 JSON step: fence, from [states], refund, now
  Returns: {1, order fields} permitted
           {2} stale fence, or nothing is to be refunded
]]
--- @include "contains"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'fence')
if not contains(step.from, order[1]) or tonumber(order[2]) ~= step.fence then
  return { 2 }
end
redis.call('HSETNX', KEYS[1], 'refund', step.refund)
redis.call('HSET', KEYS[1], 'updatedAt', step.now)
return { 1, redis.call('HGETALL', KEYS[1]) }
