--[[
  Records a definite answer to a charge: a compare-and-set from any process, no lease needed; the first one wins (E5).
  Placed brings the subscription; after a stop the money goes back instead (E14). What was given on silence stays given,
  whatever the answer, and nothing is given or said twice (E7): only an end of its subscription is news. A renewal that cannot
  be paid waits for its next try, under a charge of its own, or ends its subscription (E11), and with that the renewal of a later
  period that is under way, as by a STOP (E14).
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census  6 owed text (or the order)  7 due
        8 text owed where a stop ends it for nothing (or the order)  9.. that renewal, where one is named
  ARGV: 1 id  2 now  3 sessionId  4 verdict  5 '1' where it grants  6 '1' where it is free  7 from [states]
        8 to  9 placed, refunding, uncharged (targets as in move-order), as JSON like 7 and 8  10 id and 11 JSON of the text to owe
        12 end of its lease  13 owner  14 subscription  15 its serviceId  16 when to look at it  17 its due member
        18 when to try again  19 where a subscription ends, as JSON: name (the subscriber's), orderId (of the subscription),
        renewal (KEYS[9]'s id) or absent, cancel and mark as in stop-order, now
        20 id and 21 JSON of the text to owe where a stop ends it for nothing
        Of these 5, 6, 10, 11 and 14 to 21 are '' where there is none.
  Returns: {1, state, text fence or 0} recorded
           {2, state} recorded before, another charge, or not an order that this answer can move; '' when it does not exist
           {3, id} nothing was done: this renewal is under way, which the step does not name
]]
--- @include "contains"
--- @include "move-order"
--- @include "give-service"
--- @include "take-service"
--- @include "stop-order"
--- @include "owe-mt"

local id, now, verdict = ARGV[1], ARGV[2], ARGV[4]
local free, retryAt = ARGV[6] == '1', ARGV[18]
local order = redis.call('HMGET', KEYS[1], 'state', 'serviceId', 'providerId', 'spend', 'hold', 'chargeSession', 'verdict',
  'stopRequested', 'leaseUntil', 'givenEarly')
local state, session, given = order[1], order[6], order[10] == '1'

local function target(to)
  if given then
    return cjson.decode(ARGV[9]).placed
  end
  if order[8] ~= '1' or (to.state ~= 'placed' and retryAt == '') then
    return to
  end
  return cjson.decode(ARGV[9])[(free or retryAt ~= '') and 'uncharged' or 'refunding']
end

-- What was denied for sure is another charge when it is tried again: its identity goes, the answer stays for staff. `retrying` is
-- when; the census tells it from what waits for the OCS.
local function waitForRetry(k, service)
  redis.call('HDEL', KEYS[1], 'charge', 'chargeSession', 'unanswered', 'verdict', 'leaseUntil', 'owner')
  redis.call('HSET', KEYS[1], 'denied', verdict, 'renewal', service.subscription, 'retrying', retryAt)
  redis.call('HINCRBY', KEYS[5], 'retrying', '1')
  redis.call('ZADD', KEYS[3], retryAt, 'o:' .. id)
  keepSubscription(k, service)
end

-- The subscription that it renewed, where that ends with it; one that was ordered since goes on.
local ending = ARGV[19] ~= '' and cjson.decode(ARGV[19])
local function endsWithIt()
  local stored = ending and redis.call('HGET', KEYS[2], 'sub:' .. order[2])
  local subscription = stored and cjson.decode(stored)
  return subscription and subscription.orderId == ending.orderId and subscription
end

-- Without a stored charge nothing was asked of the OCS: only a free service is granted that way.
local known = (session or '') == ARGV[3] and (session or free or ARGV[5] == '')
if not known or order[7] or not contains(cjson.decode(ARGV[7]), state) then
  return { 2, state or '' }
end
-- What was given on silence may be renewed again by now.
local ends = endsWithIt()
local later = ends and ends.renewing ~= id and ends.renewing
if later and later ~= ending.renewal then
  return { 3, later }
end
local told = cjson.decode(ARGV[8])
local to = target(told)
local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5], due = KEYS[7] }
local service = { now = now, subscription = ARGV[14] ~= '' and ARGV[14] or nil, serviceId = ARGV[15], lookAt = ARGV[16],
  dueMember = ARGV[17] }
if to.state == 'confirmed' then
  order.denied = string.format('{"charge":%s,"verdict":%s}', redis.call('HGET', KEYS[1], 'charge') or 'null', verdict)
end
moveKnown(k, id, order, to, 'record', now, nil, 'verdict', verdict, 'waits', '0')
if to.state == 'placed' and not given then
  giveService(k, order[3], service)
end
local ended = ends and takeService(k, ending.name, order[2], { cause = 'unpaid', now = now })
if later then
  local renewal = { order = KEYS[9], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
  stopOrder(renewal, later, ending, 'unpaid')
end
if to.state == 'confirmed' then
  waitForRetry(k, service)
elseif not to.rest then
  redis.call('ZADD', KEYS[3], math.max(tonumber(order[9]) or 0, tonumber(now)), 'o:' .. id)
end
if to.state == 'uncharged' and to.state ~= told.state and ARGV[20] ~= '' then
  -- Left to the next sweep.
  oweText(KEYS[8], KEYS[3], ARGV[20], ARGV[21], now, now, ARGV[13])
end
local owed = ARGV[10] ~= '' and (ended or to.state == told.state and not given)
return { 1, to.state, owed and oweText(KEYS[6], KEYS[3], ARGV[10], ARGV[11], now, ARGV[12], ARGV[13]) or 0 }
