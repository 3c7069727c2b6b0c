--[[
  Gives a lease back, counts the wait and sets when somebody must look again.
  KEYS: 1 order or text  2 wake
  ARGV: 1 wake member  2 fence  3 wake at (epoch ms)  4 another count that goes up, or absent
  Returns: 1 released, 0 another process took it or nothing is held
]]
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] or redis.call('HEXISTS', KEYS[1], 'leaseUntil') == 0 then
  return 0
end
redis.call('HDEL', KEYS[1], 'leaseUntil', 'owner')
redis.call('HINCRBY', KEYS[1], 'waits', 1)
if ARGV[4] then
  redis.call('HINCRBY', KEYS[1], ARGV[4], 1)
end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 1
