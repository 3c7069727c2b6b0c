-- Remembers a subscriber's last trouble with a provider: it makes later orders with it stricter.
local function trouble(subscriber, providerId, kind, now)
  redis.call('HSET', subscriber, 'trouble:' .. providerId, string.format('%.0f %s', now, kind))
end
