--[[
  Gives the service while its charge is unknown, which only a service with grantOnUnknown does (E7). The charge stays open
  until a definite answer; that answer then gives nothing twice. Never after a stop (E14).
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 owed text  6 due
  ARGV: 1 JSON step: id, fence, from [states], serviceId, subscription, lookAt, dueMember or absent, owe {id, json}, now, leaseFor, owner
  Returns: {1, text fence} given
           {2} stale fence, answered meanwhile, stopped, or given before
]]
--- @include "contains"
--- @include "tell"
--- @include "give-service"
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'fence', 'stopRequested', 'givenEarly', 'serviceId', 'providerId')
if not contains(step.from, order[1]) or tonumber(order[2]) ~= step.fence or order[3] == '1' or order[4] then
  return { 2 }
end
redis.call('HSET', KEYS[1], 'givenEarly', '1', 'updatedAt', step.now)
giveService({ subscriber = KEYS[2], due = KEYS[6] }, order[6], step)
tell(KEYS[4], { type = 'order', id = step.id, state = order[1], from = order[1], cause = 'given', serviceId = order[5],
  providerId = order[6], at = step.now })
return { 1, oweMt(KEYS[5], KEYS[3], step.owe, step) }
