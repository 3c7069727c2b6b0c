--[[
  Records the definite answer to a refund, from any process (E6).
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census  6 owed text (or the order)
  ARGV: 1 JSON step: id, from [states], to, verdict, owe {id, json} or absent, now, leaseFor, owner
  Returns: {1, state, text fence or 0} recorded
           {2, state} recorded before, or nothing is to be refunded; '' when the order does not exist
]]
--- @include "contains"
--- @include "move-order"
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
local state = redis.call('HGET', KEYS[1], 'state')
if not contains(step.from, state) or redis.call('HEXISTS', KEYS[1], 'refund') == 0 then
  return { 2, state or '' }
end
redis.call('HSET', KEYS[1], 'refundVerdict', step.verdict)
local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
moveOrder(k, step.id, step.to, 'refund', step.now)
return { 1, step.to.state, step.owe and oweMt(KEYS[6], KEYS[3], step.owe, step) or 0 }
