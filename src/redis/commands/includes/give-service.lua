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

-- A renewal leaves the subscription as its order was given it. That nobody heard of the next price may have become known since, and
-- stays known (E9); announced anew, that price has another day. It is put in as text: written anew, numbers would be rounded.
local function withUnheard(k, step)
  local _, at = string.find(step.subscription, '"next":{', 1, true)
  local stored = at and redis.call('HGET', k.subscriber, 'sub:' .. step.serviceId)
  local was, left = stored and cjson.decode(stored), stored and cjson.decode(step.subscription)
  if not was or was.orderId ~= left.orderId or not was.next or not was.next.unheard or left.next.unheard then
    return step.subscription
  end
  local told, kept = was.next, left.next
  if told.from ~= kept.from or told.price.minor ~= kept.price.minor or told.price.currency ~= kept.price.currency then
    return step.subscription
  end
  local unheard = string.format('"unheard":%.0f,', told.unheard)
  return string.sub(step.subscription, 1, at) .. unheard .. string.sub(step.subscription, at + 1)
end

-- `...`: fields of the subscriber that change with it.
local function keepSubscription(k, step, ...)
  local number = nextNumber(k.subscriber, step.serviceId)
  local subscription = withUnheard(k, step)
  if number then
    redis.call('HSET', k.subscriber, 'sub:' .. step.serviceId, subscription, 'no:' .. step.serviceId, number, ...)
  else
    redis.call('HSET', k.subscriber, 'sub:' .. step.serviceId, subscription, ...)
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
