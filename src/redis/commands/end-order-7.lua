--[[
  Ends an order from one of the allowed states, with the text owed about it.
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census  6 dedupe (or the order)  7 owed text (or the order)
  ARGV: 1 JSON step: id, from [states], to (a target as in move-order), dedupeWindow and heard or absent, owe {id, json} or absent,
          now, leaseFor, owner
  Returns: {1, text fence or 0} ended
           {2, state} the order is in a state from which this end is not allowed; '' when it does not exist
           {3} a repeat
]]
--- @include "contains"
--- @include "move-order"
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
if step.dedupeWindow and redis.call('EXISTS', KEYS[6]) == 1 then
  return { 3 }
end
local state = redis.call('HGET', KEYS[1], 'state')
if not contains(step.from, state) then
  return { 2, state or '' }
end
if step.dedupeWindow then
  redis.call('SET', KEYS[6], step.id, 'PX', step.dedupeWindow)
end
local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
moveOrder(k, step.id, step.to, 'end', step.now, step.heard)
return { 1, step.owe and oweMt(KEYS[7], KEYS[3], step.owe, step) or 0 }
