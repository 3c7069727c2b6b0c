-- Gives the right to send to `owner` until now + leaseFor, under a higher fence, and sets the wake to the lease's end (E5).
local function lease(key, wake, member, step)
  local fence = redis.call('HINCRBY', key, 'fence', 1)
  redis.call('HSET', key, 'leaseUntil', step.now + step.leaseFor, 'owner', step.owner)
  redis.call('ZADD', wake, step.now + step.leaseFor, member)
  return fence
end
