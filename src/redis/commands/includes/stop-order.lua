--- @include "contains"
--- @include "move-order"

-- Stops an order that is not placed: cancelled before charging, marked where money may be moving, which its success gives back
-- (E14). k: as in move-order. stop: cancel {from [states], to}, mark [states], now, heard or absent. Returns whether it was either.
local function stopOrder(k, id, stop, cause)
  local order = redis.call('HMGET', k.order, 'state', 'serviceId', 'providerId')
  if contains(stop.cancel.from, order[1]) then
    moveOrder(k, id, stop.cancel.to, cause, stop.now, stop.heard)
    return true
  elseif contains(stop.mark, order[1]) then
    redis.call('HSET', k.order, 'stopRequested', '1', 'updatedAt', stop.now)
    if order[1] == 'disputed' then
      shelve(k.subscriber, id, 'park', order[2], stop.now)
    end
    tell(k.outbox, { type = 'order', id = id, state = order[1], from = order[1], cause = cause, serviceId = order[2],
      providerId = order[3], heard = stop.heard, at = stop.now })
    return true
  end
  return false
end
