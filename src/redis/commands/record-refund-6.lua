--[[
  Records the definite answer to a refund, from any process (E5). An order's refund is another one once a person has ruled on
  it: what answers the one before moves nothing (E6).
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census  6 owed text (or the order)
  ARGV: 1 JSON step: id, sessionId (of the refund that was answered), from [states], to, verdict, reason or absent, owe
          {id, json} or absent, now, leaseFor, owner
  Returns: {1, state, text fence or 0} recorded
           {2, state} recorded before, another refund, or nothing is to be refunded; '' when the order does not exist
]]
--- @include "contains"
--- @include "move-order"
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'refund')
local known = order[2] and cjson.decode(order[2]).sessionId == step.sessionId
if not known or not contains(step.from, order[1]) then
  return { 2, order[1] or '' }
end
redis.call('HSET', KEYS[1], 'refundVerdict', step.verdict)
if step.reason then
  redis.call('HSET', KEYS[1], 'reason', step.reason)
end
local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
moveOrder(k, step.id, step.to, 'refund', step.now)
return { 1, step.to.state, step.owe and oweMt(KEYS[6], KEYS[3], step.owe, step) or 0 }
