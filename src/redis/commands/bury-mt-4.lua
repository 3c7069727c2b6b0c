--[[
  A text will never be said: dead, and kept for the dead-letter view with the reason; or outdated, which is for nobody to
  look at. One that was accepted meanwhile stays so, and one that another holder took up is that one's to bury (E5).
  KEYS: 1 text  2 wake  3 outbox  4 dead letters
  ARGV: 1 JSON step: id, fence, state (dead or outdated), reason, ttl, now
  Returns: 1 buried, 0 not owed any more, or another holder has it
]]
--- @include "tell"

local step = cjson.decode(ARGV[1])
local was = redis.call('HMGET', KEYS[1], 'state', 'fence')
if was[1] ~= 'owed' or tonumber(was[2]) ~= step.fence then
  return 0
end
redis.call('HSET', KEYS[1], 'state', step.state, 'reason', step.reason, 'updatedAt', step.now)
redis.call('HDEL', KEYS[1], 'leaseUntil', 'owner')
redis.call('PEXPIRE', KEYS[1], step.ttl)
redis.call('ZREM', KEYS[2], 'm:' .. step.id)
if step.state == 'dead' then
  redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', step.now - step.ttl)
  redis.call('ZADD', KEYS[4], step.now, step.id)
end
tell(KEYS[3], { type = 'mt', id = step.id, state = step.state, from = 'owed', cause = step.state, at = step.now })
return 1
