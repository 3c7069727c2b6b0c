--[[
  STOP in one step (E14): cancels orders before charging, marks those in it, ends subscriptions, owes the answer.
  KEYS: 1 dedupe  2 subscriber  3 wake  4 outbox  5 census  6 owed text (or the dedupe)  7 due  8 a second text (or the dedupe)
        9 what the subscriber stopped of late  10.. one order each, as in step.orders
  ARGV: 1 JSON step: name (the subscriber's), orders [ids], services [ids], cancel {from [states], to}, mark [states],
          reach {services ['*' for all], spared [services], receivedAt, keepFor} or absent,
          complaint {providerId, serviceId} or absent, owe {id, json} or absent, also {id, json} or absent, dedupeWindow,
          byWords or absent, heard and since or absent, now, leaseFor, owner
  Returns: {1, text fence or 0}
           {2} a repeat: one that only its words tell is none where it stops anything
           {3} nothing was done: orders or subscriptions are within its reach that the step does not name
]]
--- @include "complaint"
--- @include "contains"
--- @include "heard-before"
--- @include "stop-order"
--- @include "owe-mt"
--- @include "take-service"
--- @include "tell-heard"

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

local function reaches(serviceId, asked)
  local spared = not asked and contains(step.reach.spared, serviceId)
  return contains(step.reach.services, serviceId) or (not spared and contains(step.reach.services, '*'))
end

-- Whether it is within reach, and the step does not name it.
local function isPassedOver(field)
  local shelf, name = string.match(field, '^(%a+:)(.+)$')
  if shelf == 'sub:' then
    return not contains(step.services, name) and reaches(name)
  end
  return UNDER_WAY[shelf] and not contains(step.orders, name)
    and reaches(redis.call('HGET', KEYS[2], field), shelf == 'pend:')
end

-- An order or a renewal may have been opened or placed since the sender's record was read: unnamed, it would be charged after the
-- STOP was acknowledged.
local function passesOver()
  for _, field in ipairs(step.reach and redis.call('HKEYS', KEYS[2]) or {}) do
    if isPassedOver(field) then
      return true
    end
  end
  return false
end

-- What was received sooner and is not open yet shall find it (open-order).
local function remember(reach)
  for _, serviceId in ipairs(reach.services) do
    local before = tonumber(redis.call('HGET', KEYS[9], serviceId) or 0)
    redis.call('HSET', KEYS[9], serviceId, math.max(before, reach.receivedAt))
  end
  redis.call('PEXPIRE', KEYS[9], reach.keepFor)
end

if repeated and not step.byWords then
  return { 2 }
end
if passesOver() then
  return { 3 }
end
local stopped = false
for i, id in ipairs(step.orders) do
  stopped = stopOne(id, KEYS[9 + i]) or stopped
end
for _, serviceId in ipairs(step.services) do
  stopped = endSubscription(serviceId) or stopped
end
-- A repeat that only its words tell may be a second STOP, after an order that is not open yet.
if step.reach then
  remember(step.reach)
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
elseif not stopped and step.owe then
  tellHeard(KEYS[4], step, step.owe.id)
end
return { 1, step.owe and oweMt(KEYS[6], KEYS[3], step.owe, step) or 0 }
