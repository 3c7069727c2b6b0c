--[[
  Puts a dead letter back among the owed texts; the sweeper finds it at once.
  KEYS: 1 text  2 wake  3 dead letters
  ARGV: 1 text id  2 now  3 until when it is worth saying (epoch ms)
  Returns: 1 owed again, 0 not a dead letter
]]
redis.call('ZREM', KEYS[3], ARGV[1])
if redis.call('HGET', KEYS[1], 'state') ~= 'dead' then
  return 0
end
redis.call('HSET', KEYS[1], 'state', 'owed', 'waits', 0, 'notAfter', ARGV[3], 'updatedAt', ARGV[2])
redis.call('HDEL', KEYS[1], 'reason', 'silences')
redis.call('PERSIST', KEYS[1])
redis.call('ZADD', KEYS[2], ARGV[2], 'm:' .. ARGV[1])
return 1
