--[[
  Adds one entry to a provider's credit book, once per entry id; a rule's, only when the rule has cooled down.
  KEYS: 1 entries  2 live entries by expiry  3 total of the live ones  4 when each rule may speak again
  ARGV: 1 entry id  2 entry as JSON  3 points  4 expires at (epoch ms) or +inf  5 rule or ''  6 now  7 cool until (epoch ms)
  Returns: 1 added, 0 it is there already or its rule has not cooled down
]]
if ARGV[5] ~= '' and tonumber(redis.call('HGET', KEYS[4], ARGV[5]) or 0) > tonumber(ARGV[6]) then
  return 0
end
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return 0
end
if ARGV[5] ~= '' then
  redis.call('HSET', KEYS[4], ARGV[5], ARGV[7])
end
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
redis.call('INCRBY', KEYS[3], ARGV[3])
return 1
