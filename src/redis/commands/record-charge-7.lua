--[[
  Records a definite answer to a charge: a compare-and-set from any process, no lease needed; the first one wins (E5).
  Placed brings the subscription; after a stop the money goes back instead (E14). What was given on silence stays given,
  whatever the answer, and nothing is given or said twice (E7). A renewal that cannot be paid waits for its next try, under
  a charge of its own, or ends its subscription (E11).
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census  6 owed text (or the order)  7 due
  ARGV: 1 JSON step: id, sessionId, verdict, granted, free, from [states], to, placed, refunding, uncharged (targets),
          serviceId, subscription, lookAt, dueMember or absent, retryAt or absent, endsFor (the subscriber's name; absent where
          no subscription ends), owe {id, json} or absent, now, leaseFor, owner
  Returns: {1, state, text fence or 0} recorded
           {2, state} recorded before, another charge, or not an order that this answer can move; '' when it does not exist
]]
--- @include "contains"
--- @include "move-order"
--- @include "give-service"
--- @include "take-service"
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'chargeSession', 'verdict', 'stopRequested', 'leaseUntil',
  'providerId', 'givenEarly', 'serviceId')
local given = order[7] == '1'

local function target()
  if given then
    return step.placed
  end
  if order[4] ~= '1' or (step.to.state ~= 'placed' and not step.retryAt) then
    return step.to
  end
  return (step.free or step.retryAt) and step.uncharged or step.refunding
end

-- What was denied for sure is another charge when it is tried again: its identity goes, the answer stays for staff.
local function waitForRetry(k)
  redis.call('HDEL', KEYS[1], 'charge', 'chargeSession', 'unanswered', 'verdict', 'leaseUntil', 'owner')
  redis.call('HSET', KEYS[1], 'denied', step.verdict, 'renewal', step.subscription)
  redis.call('ZADD', KEYS[3], step.retryAt, 'o:' .. step.id)
  keepSubscription(k, step)
end

-- Without a stored charge nothing was asked of the OCS: only a free service is granted that way.
local known = (order[2] or '') == step.sessionId and (order[2] or step.free or not step.granted)
if not known or order[3] or not contains(step.from, order[1]) then
  return { 2, order[1] or '' }
end
local to = target()
redis.call('HSET', KEYS[1], 'verdict', step.verdict, 'waits', 0)
local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5], due = KEYS[7] }
moveOrder(k, step.id, to, 'record', step.now)
if to.state == 'placed' and not given then
  giveService(k, order[6], step)
end
if step.endsFor then
  takeService(k, step.endsFor, order[8], { cause = 'unpaid', now = step.now })
end
if to.state == 'confirmed' then
  waitForRetry(k)
elseif not to.rest then
  redis.call('ZADD', KEYS[3], math.max(tonumber(order[5]) or 0, step.now), 'o:' .. step.id)
end
local owed = step.owe and to.state == step.to.state and not given
return { 1, to.state, owed and oweMt(KEYS[6], KEYS[3], step.owe, step) or 0 }
