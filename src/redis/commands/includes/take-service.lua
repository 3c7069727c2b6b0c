--- @include "tell"

-- Ends a subscription, if there is one: nobody looks at it any more. `name`: the subscriber's, as due members begin.
-- k: keys subscriber, due, outbox. why: cause, now, and the MO that asked for it (heard) or nothing. Returns whether there was one.
local function takeService(k, name, serviceId, why)
  local stored = redis.call('HGET', k.subscriber, 'sub:' .. serviceId)
  if not stored then
    return false
  end
  local subscription = cjson.decode(stored)
  redis.call('HDEL', k.subscriber, 'sub:' .. serviceId, 'no:' .. serviceId)
  redis.call('ZREM', k.due, name .. ':' .. serviceId)
  tell(k.outbox, { type = 'subscription', id = subscription.orderId, state = 'ended', from = subscription.state or 'active',
    cause = why.cause, serviceId = serviceId, providerId = subscription.providerId, since = subscription.since,
    last = subscription.last, heard = why.heard, who = string.match(k.subscriber, '[^:]+$'), at = why.now })
  return true
end
