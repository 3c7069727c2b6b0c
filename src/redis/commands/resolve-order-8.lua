--[[
  A person decides what became of a disputed order; who and why stay with it. After a stop nothing is placed any more: what was
  taken goes back (E14). Placed without an answer it counts as granted, so that it can be paid back like any other.
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census  6 owed text (or the order)  7 due  8 the renewal under way (or the order)
  ARGV: 1 JSON step: id, from [states], to and refunding (targets as in move-order), granted (a verdict), resolution, serviceId, subscription, lookAt, dueMember
          or absent, name (the subscriber's), renewal, cancel and mark as in keep-subscription, owe {id, json} or absent, now, leaseFor, owner
  Returns: {1, state, text fence or 0} resolved
           {2, state} not disputed, or another renewal is under way than the one named; '' when it does not exist
]]
--- @include "contains"
--- @include "move-order"
--- @include "give-service"
--- @include "take-service"
--- @include "stop-order"
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'givenEarly', 'serviceId', 'providerId', 'stopRequested', 'verdict')
if not contains(step.from, order[1]) then
  return { 2, order[1] or '' }
end

local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5], due = KEYS[7] }

-- What was given on silence and is not paid for ends with the order, unless the subscriber ordered it again since.
local unpaid = order[2] and step.to.state ~= 'placed' and redis.call('HGET', KEYS[2], 'sub:' .. order[3])
local given = unpaid and cjson.decode(unpaid)
local ends = given and given.orderId == step.id
if ends and given.renewing ~= step.renewal then
  return { 2, order[1] }
end

local function takeBack()
  takeService(k, step.name, order[3], { cause = 'unpaid', now = step.now })
  if step.renewal then
    local renewal = { order = KEYS[8], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
    stopOrder(renewal, step.renewal, step, 'unpaid')
  end
end

local to = step.to
if to.state == 'placed' and order[5] == '1' and not order[2] then
  to = step.refunding
end
redis.call('HSET', KEYS[1], 'resolution', step.resolution)
if to.state == 'placed' and not order[6] then
  redis.call('HSET', KEYS[1], 'verdict', step.granted)
end
moveOrder(k, step.id, to, 'resolve', step.now)
if to.state == 'placed' and not order[2] then
  giveService(k, order[4], step)
elseif ends then
  takeBack()
end
-- A refund that the OCS refused or forgot is over: whatever refunds the order from here on is another one (E6).
if to.state ~= 'uncharged' then
  redis.call('HDEL', KEYS[1], 'refund', 'refundVerdict')
end
if to.state == 'refunding' then
  redis.call('HSET', KEYS[1], 'waits', 0)
  redis.call('ZADD', KEYS[3], step.now, 'o:' .. step.id)
end
local owed = step.owe and to.state == step.to.state
return { 1, to.state, owed and oweMt(KEYS[6], KEYS[3], step.owe, step) or 0 }
