--[[
  Opens an order: dedupe, the order with its charge identity and lease, the owed text, indexes and the outbox (E1, E12).
  KEYS: 1 dedupe  2 order  3 subscriber  4 owed text (or the order)  5 wake  6 outbox  7 census  8 recent orders
        9 the subscriber's orders  10 the superseded order (or the order)
  ARGV: 1 JSON step: id, to {state, shelf, rest, spends, ttl}, frozen, spend and asks {field, value} or absent, charge, chargeSession, challenge, challengeId, challengeKind,
          maxTries, codeEndsAt, windowEndsAt, serviceId, providerId, owe {id, json}, already {id, json}, superseded,
          cancel {from, to}, dedupeWindow, heard or absent, now, leaseFor, owner, indexTtl, recentMax, ownMax
  Returns: {1, order fence, text fence or 0} opened
           {2} a repeat
           {3, text fence} the subscriber has this recurring service, or an order for it is under way
           {4} other orders have used a spend cap up meanwhile: nothing was done
]]
--- @include "contains"
--- @include "move-order"
--- @include "owe-mt"
--- @include "tell-heard"

local step = cjson.decode(ARGV[1])

local function hasIt()
  if redis.call('HEXISTS', KEYS[3], 'sub:' .. step.serviceId) == 1 then
    return true
  end
  local fields = redis.call('HGETALL', KEYS[3])
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 4) == 'fly:' and fields[i + 1] == step.serviceId then
      return true
    end
  end
  return false
end

local function store()
  redis.call('HSET', KEYS[2], 'frozen', step.frozen, 'state', step.to.state, 'fence', 0, 'tries', 0, 'waits', 0,
    'serviceId', step.serviceId, 'providerId', step.providerId, 'updatedAt', step.now)
  if step.spend then
    redis.call('HSET', KEYS[2], 'spend', step.spend)
    countSpend(KEYS[2], KEYS[3], step.spend, step.to)
  end
  if step.asks then
    redis.call('HSET', KEYS[3], step.asks.field, step.asks.value)
  end
  if step.charge then
    redis.call('HSET', KEYS[2], 'charge', step.charge, 'chargeSession', step.chargeSession)
  end
  if step.challenge then
    redis.call('HSET', KEYS[2], 'challenge', step.challenge, 'challengeId', step.challengeId, 'challengeKind',
      step.challengeKind, 'maxTries', step.maxTries, 'codeEndsAt', step.codeEndsAt, 'windowEndsAt', step.windowEndsAt)
  end
end

-- An order that waits for its subscriber needs nobody's lease; the sweeper looks when its window closes.
local function leaseOrRest()
  local fence = lease(KEYS[2], KEYS[5], 'o:' .. step.id, step)
  if step.to.rest or step.windowEndsAt then
    redis.call('HDEL', KEYS[2], 'leaseUntil', 'owner')
  end
  if step.to.rest then
    redis.call('ZREM', KEYS[5], 'o:' .. step.id)
  elseif step.windowEndsAt then
    redis.call('ZADD', KEYS[5], step.windowEndsAt, 'o:' .. step.id)
  end
  if step.to.ttl then
    redis.call('PEXPIRE', KEYS[2], step.to.ttl)
  end
  return fence
end

local function index()
  redis.call('HINCRBY', KEYS[7], step.to.state, 1)
  redis.call('ZADD', KEYS[8], step.now, step.id)
  redis.call('ZREMRANGEBYRANK', KEYS[8], 0, -step.recentMax - 1)
  redis.call('ZADD', KEYS[9], step.now, step.id)
  redis.call('ZREMRANGEBYRANK', KEYS[9], 0, -step.ownMax - 1)
  redis.call('PEXPIRE', KEYS[9], step.indexTtl)
end

if redis.call('EXISTS', KEYS[1]) == 1 then
  return { 2 }
end
local already = step.already and hasIt()
if step.spend and step.to.spends and not already and overCap(KEYS[3], cjson.decode(step.spend)) then
  return { 4 }
end
redis.call('SET', KEYS[1], step.id, 'PX', step.dedupeWindow)
if already then
  redis.call('SET', KEYS[1], step.already.id, 'PX', step.dedupeWindow)
  tellHeard(KEYS[6], step, step.already.id)
  return { 3, oweMt(KEYS[4], KEYS[5], step.already, step) }
end
if step.superseded and contains(step.cancel.from, redis.call('HGET', KEYS[10], 'state')) then
  local k = { order = KEYS[10], subscriber = KEYS[3], wake = KEYS[5], outbox = KEYS[6], census = KEYS[7] }
  moveOrder(k, step.superseded, step.cancel.to, 'superseded', step.now, step.heard)
end
store()
local fence = leaseOrRest()
index()
shelve(KEYS[3], step.id, step.to.shelf, step.serviceId, step.now)
tell(KEYS[6], { type = 'order', id = step.id, state = step.to.state, from = 'received', cause = 'open',
  serviceId = step.serviceId, providerId = step.providerId, heard = step.heard, at = step.now })
return { 1, fence, step.owe and oweMt(KEYS[4], KEYS[5], step.owe, step) or 0 }
