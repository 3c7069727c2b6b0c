--[[
  Counts one use within a sliding window, once per token for as long as that means the same use.
  KEYS: 1 uses by time
  ARGV: 1 token  2 limit  3 window in ms  4 now  5 ms that the token means the same use
  Returns: 1 counted, now or before, 0 the limit is used up
]]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', ARGV[4] - ARGV[3]))
local last = redis.call('ZSCORE', KEYS[1], ARGV[1])
if last and tonumber(last) > ARGV[4] - ARGV[5] then
  return 1
end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  return 0
end
-- It goes on counting beside the one that takes its name.
if last then
  redis.call('ZADD', KEYS[1], last, ARGV[1] .. ':' .. last)
end
redis.call('ZADD', KEYS[1], ARGV[4], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
