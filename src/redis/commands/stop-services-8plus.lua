--[[
  STOP in one step (E14): cancels orders before charging, marks those in it, ends subscriptions, owes the answer.
  KEYS: 1 dedupe  2 subscriber  3 wake  4 outbox  5 census  6 owed text  7 due  8 a second text (or the dedupe)
        9.. one order each, as in step.orders
  ARGV: 1 JSON step: name (the subscriber's), orders [ids], services [ids], cancel {from [states], to}, mark [states],
          complaint {providerId, serviceId} or absent, owe {id, json}, also {id, json} or absent, dedupeWindow,
          byWords or absent, heard and since or absent, now, leaseFor, owner
  Returns: {1, text fence}
           {2} a repeat: one that only its words tell is none where it stops anything
           {3, ids ...} nothing was done: orders for these services are under way that the step does not name
]]
--- @include "complaint"
--- @include "contains"
--- @include "heard-before"
--- @include "stop-order"
--- @include "owe-mt"
--- @include "take-service"

local step = cjson.decode(ARGV[1])
local repeated = heardBefore(KEYS[1], step)

local function endSubscription(serviceId)
  local k = { subscriber = KEYS[2], due = KEYS[7], outbox = KEYS[4] }
  return takeService(k, step.name, serviceId, { cause = 'stop', heard = step.heard, now = step.now })
end

-- The order may have been placed since the sender's record was read, or given on silence (E7): then its subscription is
-- what ends. Returns whether anything was stopped.
local function stopOne(id, key)
  local order = redis.call('HMGET', key, 'state', 'serviceId', 'givenEarly', 'stopRequested')
  if order[1] == 'placed' or order[3] then
    return endSubscription(order[2])
  elseif repeated and order[4] == '1' then
    return false
  end
  local k = { order = key, subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
  return stopOrder(k, id, step, 'stop')
end

local UNDER_WAY = { ['fly:'] = true, ['pend:'] = true, ['park:'] = true }

-- A renewal may have been opened since the sender's record was read: unnamed, it would be charged after the STOP was acknowledged.
local function unnamed()
  local ids = {}
  for _, field in ipairs(#step.services > 0 and redis.call('HKEYS', KEYS[2]) or {}) do
    local shelf, id = string.match(field, '^(%a+:)(.+)$')
    if UNDER_WAY[shelf] and not contains(step.orders, id)
      and contains(step.services, redis.call('HGET', KEYS[2], field)) then
      ids[#ids + 1] = id
    end
  end
  return ids
end

if repeated and not step.byWords then
  return { 2 }
end
local more = unnamed()
if #more > 0 then
  return { 3, unpack(more) }
end
local stopped = false
for i, id in ipairs(step.orders) do
  stopped = stopOne(id, KEYS[8 + i]) or stopped
end
for _, serviceId in ipairs(step.services) do
  stopped = endSubscription(serviceId) or stopped
end
if repeated and not stopped then
  return { 2 }
end
nowHeard(KEYS[1], step)
if step.also then
  oweLater(KEYS[8], KEYS[3], step.also, step)
end
if step.complaint then
  complaint(KEYS[2], KEYS[4], step.complaint, 'mo', step)
end
return { 1, oweMt(KEYS[6], KEYS[3], step.owe, step) }
