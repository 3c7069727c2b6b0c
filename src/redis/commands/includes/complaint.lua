--- @include "tell"
--- @include "trouble"
local ONCE_WITHIN = 86400000

-- Tells a complaint, which troubles later orders. Credit counts what is `recorded`: one a day of a subscriber about a provider,
-- for one phone must not bar it. What comes within that is `again`. about: { providerId, serviceId }, '' where nobody knows.
local function complaint(subscriber, outbox, about, cause, step)
  local field = 'complained:' .. about.providerId
  local last = tonumber(redis.call('HGET', subscriber, field))
  local again = last and step.now < last + ONCE_WITHIN
  if about.providerId ~= '' and not again then
    redis.call('HSET', subscriber, field, step.now)
  end
  trouble(subscriber, about.providerId, 'complaint', step.now)
  tell(outbox, { type = 'complaint', id = step.owe.id, state = again and 'again' or 'recorded', cause = cause,
    serviceId = about.serviceId, providerId = about.providerId, heard = step.heard, at = step.now })
end
