--[[
  A text will never be said: kept for the dead-letter view with the reason. One that was accepted meanwhile stays so.
  KEYS: 1 text  2 wake  3 outbox  4 dead letters
  ARGV: 1 JSON step: id, reason, deadTtl, now
  Returns: 1 buried, 0 not owed any more
]]
--- @include "tell"

local step = cjson.decode(ARGV[1])
if redis.call('HGET', KEYS[1], 'state') ~= 'owed' then
  return 0
end
redis.call('HSET', KEYS[1], 'state', 'dead', 'reason', step.reason, 'updatedAt', step.now)
redis.call('HDEL', KEYS[1], 'leaseUntil', 'owner')
redis.call('PEXPIRE', KEYS[1], step.deadTtl)
redis.call('ZREM', KEYS[2], 'm:' .. step.id)
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', step.now - step.deadTtl)
redis.call('ZADD', KEYS[4], step.now, step.id)
tell(KEYS[3], { type = 'mt', id = step.id, state = 'dead', from = 'owed', cause = 'dead', at = step.now })
return 1
