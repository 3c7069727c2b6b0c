--[[
  Records a complaint about a provider, and owes its answer (E12).
  KEYS: 1 dedupe  2 subscriber  3 owed text  4 wake  5 outbox
  ARGV: 1 JSON step: serviceId, providerId, cause, owe {id, json}, dedupeWindow, heard or absent, now, leaseFor, owner
  Returns: {1, text fence}
           {2} a repeat
]]
--- @include "complaint"
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
if not redis.call('SET', KEYS[1], step.owe.id, 'PX', step.dedupeWindow, 'NX') then
  return { 2 }
end
complaint(KEYS[2], KEYS[5], step, step.cause, step)
return { 1, oweMt(KEYS[3], KEYS[4], step.owe, step) }
