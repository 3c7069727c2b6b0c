-- Leaves a placed service with its subscriber: the subscription of a recurring one with the day on which to look at it, the
-- number under which LIST shows it, and that this provider was used. k: keys subscriber, due.
local function numberService(subscriber, serviceId)
  if redis.call('HEXISTS', subscriber, 'no:' .. serviceId) == 1 then
    return
  end
  local highest = 0
  local fields = redis.call('HGETALL', subscriber)
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 3) == 'no:' then
      highest = math.max(highest, tonumber(fields[i + 1]))
    end
  end
  redis.call('HSET', subscriber, 'no:' .. serviceId, highest + 1)
end

local function keepSubscription(k, step)
  redis.call('HSET', k.subscriber, 'sub:' .. step.serviceId, step.subscription)
  redis.call('ZADD', k.due, step.lookAt, step.dueMember)
  numberService(k.subscriber, step.serviceId)
end

local function giveService(k, providerId, step)
  if step.subscription then
    keepSubscription(k, step)
  end
  redis.call('HSET', k.subscriber, 'prov:' .. providerId, step.now)
end
