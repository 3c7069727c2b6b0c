-- Whether a subscription is the one that was read, unchanged. `rev` alone counts from 1 again in one that was ordered after its end.
local function isAsRead(subscriber, step)
  local stored = redis.call('HGET', subscriber, 'sub:' .. step.serviceId)
  local now = stored and cjson.decode(stored)
  return now and now.orderId == step.orderId and now.rev == step.rev
end
