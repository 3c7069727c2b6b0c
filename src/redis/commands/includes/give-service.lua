-- Leaves a placed service with its subscriber: the subscription of a recurring one with the day on which to look at it, the
-- number under which LIST shows it, and that this provider was used. k: keys subscriber, due.

-- The service's number where it has none yet. Only the names of the fields are read first: subscriptions are long.
local function nextNumber(subscriber, serviceId)
  local mine = 'no:' .. serviceId
  local numbered = {}
  for _, field in ipairs(redis.call('HKEYS', subscriber)) do
    if field == mine then
      return nil
    end
    if string.sub(field, 1, 3) == 'no:' then
      numbered[#numbered + 1] = field
    end
  end
  local highest = 0
  if #numbered > 0 then
    for _, number in ipairs(redis.call('HMGET', subscriber, unpack(numbered))) do
      highest = math.max(highest, tonumber(number))
    end
  end
  return highest + 1
end

-- `...`: fields of the subscriber that change with it.
local function keepSubscription(k, step, ...)
  local number = nextNumber(k.subscriber, step.serviceId)
  if number then
    redis.call('HSET', k.subscriber, 'sub:' .. step.serviceId, step.subscription, 'no:' .. step.serviceId, number, ...)
  else
    redis.call('HSET', k.subscriber, 'sub:' .. step.serviceId, step.subscription, ...)
  end
  redis.call('ZADD', k.due, step.lookAt, step.dueMember)
end

local function giveService(k, providerId, step)
  if step.subscription then
    keepSubscription(k, step, 'prov:' .. providerId, step.now)
  else
    redis.call('HSET', k.subscriber, 'prov:' .. providerId, step.now)
  end
end
