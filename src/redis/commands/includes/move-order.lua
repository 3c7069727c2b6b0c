--- @include "tell"
--- @include "shelve"
--- @include "spend"

-- Orders whose money is in doubt stand in the census by name, too: however many are newer, a person must find them.
local function nameDoubt(census, id, from, to)
  if to == 'charge-unknown' or to == 'disputed' then
    redis.call('HSET', census, 'doubt:' .. id, to)
  elseif from == 'charge-unknown' or from == 'disputed' then
    redis.call('HDEL', census, 'doubt:' .. id)
  end
end

-- A renewal that ended unplaced is under way no more. It is cut out as text: written anew, the record's numbers would be rounded.
local function leaveRenewal(subscriber, id, serviceId)
  local field = 'sub:' .. serviceId
  local stored = redis.call('HGET', subscriber, field) or ''
  local from, to = string.find(stored, ',"renewing":"' .. id .. '"', 1, true)
  if from then
    redis.call('HSET', subscriber, field, string.sub(stored, 1, from - 1) .. string.sub(stored, to + 1))
  end
end

-- Credit counts these once a day of each subscriber.
local TELLS_WHO = { placed = true, challenged = true, declined = true, expired = true }

-- Moves an order: its state, the census, the subscriber's lists, lease and wake, retention and the outbox in one place.
-- k: keys order, subscriber, wake, outbox, census. to: { state, shelf, rest, spends, ttl }; ttl in ms, absent where it stays.
-- was: { state, serviceId, providerId, spend, hold } as this step has read them, and `denied`, what it takes from the order and
-- nobody could read there any more. heard: the MO that caused it, absent where
-- none did. `...`: fields of the order that change with it.
local function moveKnown(k, id, was, to, cause, now, heard, ...)
  redis.call('HSET', k.order, 'state', to.state, 'updatedAt', now, ...)
  redis.call('HINCRBY', k.census, was[1], '-1')
  if was[1] == 'confirmed' and redis.call('HDEL', k.order, 'retrying') == 1 then
    redis.call('HINCRBY', k.census, 'retrying', '-1')
  end
  redis.call('HINCRBY', k.census, to.state, '1')
  nameDoubt(k.census, id, was[1], to.state)
  shelve(k.subscriber, id, shelfOf(k.order, to), was[2], now)
  if was[4] then
    countSpend(k.order, k.subscriber, was[4], to)
  end
  if to.rest then
    redis.call('HDEL', k.order, 'leaseUntil', 'owner')
    redis.call('ZREM', k.wake, 'o:' .. id)
  end
  if to.ttl and not was[5] then
    redis.call('PEXPIRE', k.order, to.ttl)
  else
    redis.call('PERSIST', k.order)
  end
  if to.ttl and to.state ~= 'placed' and string.find(id, '-r%d+$') then
    leaveRenewal(k.subscriber, id, was[2])
  end
  -- The subscriber's key ends in its HMAC (E19).
  local who = TELLS_WHO[to.state] and string.match(k.subscriber, '[^:]+$') or nil
  if was.denied then
    tellOrder(k.outbox, id, to.state, was[1], cause, was[2], was[3], now, 'denied', was.denied)
  elseif heard and who then
    tellOrder(k.outbox, id, to.state, was[1], cause, was[2], was[3], now, 'heard', heard, 'who', who)
  elseif heard or who then
    tellOrder(k.outbox, id, to.state, was[1], cause, was[2], was[3], now, heard and 'heard' or 'who', heard or who)
  else
    tellOrder(k.outbox, id, to.state, was[1], cause, was[2], was[3], now)
  end
end

local function moveOrder(k, id, to, cause, now, heard)
  local was = redis.call('HMGET', k.order, 'state', 'serviceId', 'providerId', 'spend', 'hold')
  moveKnown(k, id, was, to, cause, now, heard)
end
