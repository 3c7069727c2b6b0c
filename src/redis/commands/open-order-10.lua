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

local function put(fields, name, value)
  if value then
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
end

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

-- Nobody holds an order that waits for its subscriber, or that has ended; all else is its opener's.
local held = not (step.to.rest or step.windowEndsAt)

local function store()
  local fields = { 'frozen', step.frozen, 'state', step.to.state, 'fence', 1, 'tries', 0, 'waits', 0,
    'serviceId', step.serviceId, 'providerId', step.providerId, 'updatedAt', step.now }
  for _, name in ipairs({ 'spend', 'charge', 'chargeSession', 'challenge', 'challengeId', 'challengeKind', 'maxTries',
    'codeEndsAt', 'windowEndsAt' }) do
    put(fields, name, step[name])
  end
  put(fields, 'leaseUntil', held and step.now + step.leaseFor)
  put(fields, 'owner', held and step.owner)
  redis.call('HSET', KEYS[2], unpack(fields))
  if step.to.ttl then
    redis.call('PEXPIRE', KEYS[2], step.to.ttl)
  end
  if step.spend then
    countSpend(KEYS[2], KEYS[3], step.spend, step.to)
  end
  if step.asks then
    redis.call('HSET', KEYS[3], step.asks.field, step.asks.value)
  end
end

-- At the end of the lease, or where the sweeper must close the subscriber's window.
local function wake()
  if not step.to.rest then
    redis.call('ZADD', KEYS[5], step.windowEndsAt or step.now + step.leaseFor, 'o:' .. step.id)
  end
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
wake()
index()
shelve(KEYS[3], step.id, step.to.shelf, step.serviceId, step.now)
tell(KEYS[6], { type = 'order', id = step.id, state = step.to.state, from = 'received', cause = 'open',
  serviceId = step.serviceId, providerId = step.providerId, heard = step.heard, at = step.now })
return { 1, 1, step.owe and oweMt(KEYS[4], KEYS[5], step.owe, step) or 0 }
