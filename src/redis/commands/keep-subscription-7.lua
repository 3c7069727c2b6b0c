--[[
  Changes a subscription that is as it was read, or ends it, with the text owed for that. Nothing is renewed after its end:
  a renewal that is under way stops with it, as by a STOP (E14).
  KEYS: 1 subscriber  2 due  3 wake  4 outbox  5 owed text (or the subscriber)  6 census  7 that renewal (or the subscriber)
  ARGV: 1 JSON step: name (the subscriber's), serviceId, orderId and rev (as read), subscription, lookAt, dueMember (absent where it
          ends), cause, renewal (its order's id) with cancel {from [states], to} and mark [states], absent where none stops,
          owe {id, json} or absent, asked {field, value} of what it asks or absent, now, leaseFor, owner
  Returns: {1, text fence or 0}
           {2} it has changed or ended
]]
--- @include "owe-mt"
--- @include "give-service"
--- @include "is-as-read"
--- @include "take-service"
--- @include "stop-order"

local step = cjson.decode(ARGV[1])
if not isAsRead(KEYS[1], step) then
  return { 2 }
end
local k = { subscriber = KEYS[1], due = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[6], order = KEYS[7] }
if step.subscription then
  keepSubscription(k, step)
else
  takeService(k, step.name, step.serviceId, { cause = step.cause, now = step.now })
  if step.renewal then
    stopOrder(k, step.renewal, step, step.cause)
  end
end
if step.asked then
  redis.call('HSET', KEYS[1], step.asked[1], step.asked[2])
end
return { 1, step.owe and oweMt(KEYS[5], KEYS[3], step.owe, step) or 0 }
