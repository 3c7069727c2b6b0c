--[[
  Records a complaint about a provider, and owes its answer (E12).
  KEYS: 1 dedupe  2 subscriber  3 owed text  4 wake  5 outbox
  ARGV: 1 JSON step: serviceId, providerId, cause, owe {id, json}, dedupeWindow, heard or absent, now, leaseFor, owner
  Returns: {1, text fence}
           {2} a repeat
]]
--- @include "tell"
--- @include "trouble"
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
if not redis.call('SET', KEYS[1], step.owe.id, 'PX', step.dedupeWindow, 'NX') then
  return { 2 }
end
trouble(KEYS[2], step.providerId, 'complaint', step.now)
tell(KEYS[5], { type = 'complaint', id = step.owe.id, state = 'recorded', cause = step.cause, serviceId = step.serviceId,
  providerId = step.providerId, heard = step.heard, at = step.now })
return { 1, oweMt(KEYS[3], KEYS[4], step.owe, step) }
