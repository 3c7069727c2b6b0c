--[[
  What a charged order came to once its provider was asked: placed, or the money goes back. After a stop it goes back
  whatever the provider said (E10, E14).
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census  6 owed text (or the order)  7 due
        8 text owed where a stop ends it for nothing (or the order)
  ARGV: 1 JSON step: id, from [states], to, stopped (targets as in move-order), told (the kind of text that a refund will
          owe) or absent, serviceId, subscription, lookAt, dueMember or absent, owe and oweStopped {id, json} or absent, now, leaseFor, owner
  Returns: {1, state, text fence or 0} recorded
           {2, state} not charged, or recorded before; '' when it does not exist
]]
--- @include "contains"
--- @include "move-order"
--- @include "give-service"
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'stopRequested', 'providerId', 'leaseUntil')
if not contains(step.from, order[1]) then
  return { 2, order[1] or '' }
end
local stopped = order[2] == '1'
local to = stopped and step.stopped or step.to
redis.call('HSET', KEYS[1], 'waits', 0)
if step.told and not stopped then
  redis.call('HSET', KEYS[1], 'refundText', step.told)
end
local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5], due = KEYS[7] }
moveOrder(k, step.id, to, stopped and 'stop' or 'provide', step.now)
if to.state == 'placed' then
  giveService(k, order[3], step)
end
if not to.rest then
  redis.call('ZADD', KEYS[3], math.max(tonumber(order[4]) or 0, step.now), 'o:' .. step.id)
end
if stopped and step.oweStopped then
  oweLater(KEYS[8], KEYS[3], step.oweStopped, step)
end
local owed = step.owe and not stopped
return { 1, to.state, owed and oweMt(KEYS[6], KEYS[3], step.owe, step) or 0 }
