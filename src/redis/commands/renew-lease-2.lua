--[[
  Lengthens a lease for the holder of its fence (E5).
  KEYS: 1 order or text  2 wake
  ARGV: 1 wake member  2 fence  3 until (epoch ms)
  Returns: 1 renewed, 0 another process took it or nothing is held
]]
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] or redis.call('HEXISTS', KEYS[1], 'leaseUntil') == 0 then
  return 0
end
redis.call('HSET', KEYS[1], 'leaseUntil', ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 1
