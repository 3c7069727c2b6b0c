--[[
  STOP in one step (E14): cancels orders before charging, marks those in it, ends subscriptions, owes the answer.
  KEYS: 1 dedupe  2 subscriber  3 wake  4 outbox  5 census  6 owed text  7 due  8.. one order each, as in step.orders
  ARGV: 1 JSON step: name (the subscriber's), orders [ids], services [ids], cancel {from [states], to}, mark [states],
          owe {id, json}, dedupeWindow, heard or absent, now, leaseFor, owner
  Returns: {1, text fence}
           {2} a repeat
]]
--- @include "contains"
--- @include "move-order"
--- @include "owe-mt"
--- @include "take-service"

local step = cjson.decode(ARGV[1])

local function endSubscription(serviceId)
  local k = { subscriber = KEYS[2], due = KEYS[7], outbox = KEYS[4] }
  takeService(k, step.name, serviceId, { cause = 'stop', heard = step.heard, now = step.now })
end

-- The order may have been placed since the sender's record was read, or given on silence (E7): then its subscription is
-- what ends.
local function stopOrder(id, key)
  local order = redis.call('HMGET', key, 'state', 'serviceId', 'givenEarly', 'providerId')
  if contains(step.cancel.from, order[1]) then
    local k = { order = key, subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
    moveOrder(k, id, step.cancel.to, 'stop', step.now, step.heard)
  elseif order[1] == 'placed' or order[3] then
    endSubscription(order[2])
  elseif contains(step.mark, order[1]) then
    redis.call('HSET', key, 'stopRequested', '1', 'updatedAt', step.now)
    tell(KEYS[4], { type = 'order', id = id, state = order[1], from = order[1], cause = 'stop', serviceId = order[2],
      providerId = order[4], heard = step.heard, at = step.now })
  end
end

if redis.call('EXISTS', KEYS[1]) == 1 then
  return { 2 }
end
redis.call('SET', KEYS[1], step.owe.id, 'PX', step.dedupeWindow)
for i, id in ipairs(step.orders) do
  stopOrder(id, KEYS[7 + i])
end
for _, serviceId in ipairs(step.services) do
  endSubscription(serviceId)
end
return { 1, oweMt(KEYS[6], KEYS[3], step.owe, step) }
