--[[
  Changes a subscription that is as it was read, or ends it, with the text owed for that.
  KEYS: 1 subscriber  2 due  3 wake  4 outbox  5 owed text (or the subscriber)
  ARGV: 1 JSON step: name (the subscriber's), serviceId, rev (as read), subscription, lookAt, dueMember (absent where it
          ends), cause, owe {id, json} or absent, now, leaseFor, owner
  Returns: {1, text fence or 0}
           {2} it has changed or ended
]]
--- @include "owe-mt"
--- @include "give-service"
--- @include "take-service"

local step = cjson.decode(ARGV[1])
local stored = redis.call('HGET', KEYS[1], 'sub:' .. step.serviceId)
if not stored or cjson.decode(stored).rev ~= step.rev then
  return { 2 }
end
local k = { subscriber = KEYS[1], due = KEYS[2], outbox = KEYS[4] }
if step.subscription then
  keepSubscription(k, step)
else
  takeService(k, step.name, step.serviceId, { cause = step.cause, now = step.now })
end
return { 1, step.owe and oweMt(KEYS[5], KEYS[3], step.owe, step) or 0 }
