-- Leaves a placed service with its subscriber: the subscription of a recurring one, and that this provider was used.
local function giveService(subscriber, providerId, step)
  if step.subscription then
    redis.call('HSET', subscriber, 'sub:' .. step.serviceId, step.subscription)
  end
  redis.call('HSET', subscriber, 'prov:' .. providerId, step.now)
end
