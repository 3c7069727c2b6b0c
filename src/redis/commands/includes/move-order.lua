--- @include "tell"
--- @include "shelve"
--- @include "spend"

-- Moves an order: its state, the census, the subscriber's lists, lease and wake, retention and the outbox in one place.
-- k: keys order, subscriber, wake, outbox, census. to: { state, shelf, rest, spends, ttl }; ttl in ms, absent where it stays.
-- was: { state, serviceId, providerId, spend, hold } as this step has read them. heard: the MO that caused it, absent where
-- none did. `...`: fields of the order that change with it.
local function moveKnown(k, id, was, to, cause, now, heard, ...)
  redis.call('HSET', k.order, 'state', to.state, 'updatedAt', now, ...)
  redis.call('HINCRBY', k.census, was[1], '-1')
  redis.call('HINCRBY', k.census, to.state, '1')
  shelve(k.subscriber, id, to.shelf, was[2], now)
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
  -- The subscriber's key ends in its HMAC (E19).
  local who = to.state == 'placed' and string.match(k.subscriber, '[^:]+$') or nil
  if heard and who then
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
