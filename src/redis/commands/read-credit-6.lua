--[[
  The points that a provider's live entries sum to. What has expired leaves the sum; long past, it leaves the book.
  KEYS: 1 entries  2 live entries by expiry  3 total of the live ones  4 past entries by expiry  5 watermarks  6 standing
  ARGV: 1 now  2 ms that past entries are kept
  Returns: {total, watermarks as partition, epoch ms, ..., standing as field, value, ...}
]]
local SLICE = 1000

for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, SLICE)) do
  local entry = cjson.decode(redis.call('HGET', KEYS[1], id))
  redis.call('DECRBY', KEYS[3], entry.points)
  redis.call('ZADD', KEYS[4], entry.expiresAt, id)
  redis.call('ZREM', KEYS[2], id)
end
local long = string.format('%.0f', tonumber(ARGV[1]) - tonumber(ARGV[2]))
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', long, 'LIMIT', 0, SLICE)) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[4], id)
end
return { tonumber(redis.call('GET', KEYS[3]) or 0), redis.call('HGETALL', KEYS[5]), redis.call('HGETALL', KEYS[6]) }
