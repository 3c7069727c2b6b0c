--[[
  Permits a send of a refund, fence compared: its identity is stored once, before the first; a later call finds the stored
  one, and whether some send of it may have arrived (E2, E6).
  KEYS: 1 order
  ARGV: 1 JSON step: fence, from [states], refund, now
  Returns: {1, order fields, 1 with T or 0} permitted
           {2} stale fence, or nothing is to be refunded
]]
--- @include "contains"
--- @include "permit-send"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'fence', 'refund')
if not contains(step.from, order[1]) or tonumber(order[2]) ~= step.fence then
  return { 2 }
end
redis.call('HSETNX', KEYS[1], 'refund', step.refund)
redis.call('HSET', KEYS[1], 'updatedAt', step.now)
local again = permitSend(KEYS[1], 'refund', order[3], step.now)
return { 1, redis.call('HGETALL', KEYS[1]), again }
