--[[
  Adds one entry to a provider's credit book, once per entry id.
  KEYS: 1 entries  2 live entries by expiry  3 total of the live ones
  ARGV: 1 entry id  2 entry as JSON  3 points  4 expires at (epoch ms) or +inf
  Returns: 1 added, 0 it is there already
]]
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return 0
end
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
redis.call('INCRBY', KEYS[3], ARGV[3])
return 1
