-- Remembers a subscriber's last trouble with a provider: it makes later orders with it stricter. '' is none.
local function trouble(subscriber, providerId, kind, now)
  if providerId ~= '' then
    redis.call('HSET', subscriber, 'trouble:' .. providerId, string.format('%.0f %s', now, kind))
  end
end
