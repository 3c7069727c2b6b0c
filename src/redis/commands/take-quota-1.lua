--[[
  Counts one use within a sliding window, once per token.
  KEYS: 1 uses by time
  ARGV: 1 token  2 limit  3 window in ms  4 now
  Returns: 1 counted, now or before, 0 the limit is used up
]]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', ARGV[4] - ARGV[3]))
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return 1
end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  return 0
end
redis.call('ZADD', KEYS[1], ARGV[4], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
