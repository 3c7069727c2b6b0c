--[[
  Forgets a subscriber of whom everything else was erased, unless one has come back since: an erasure looks for minutes.
  KEYS: 1 subscriber  2 the subscriber's orders
  ARGV: 1 when the newest of these orders was opened, as the erasure began to look; 0: there was none
  Returns: 1 forgotten
           0 an order was opened since, or something is under way: nothing was done
]]
local UNDER_WAY = { 'pend:', 'fly:', 'park:', 'sub:' }

for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  for _, shelf in ipairs(UNDER_WAY) do
    if field:sub(1, #shelf) == shelf then
      return 0
    end
  end
end
if redis.call('ZCOUNT', KEYS[2], '(' .. ARGV[1], '+inf') > 0 then
  return 0
end
redis.call('DEL', KEYS[1], KEYS[2])
return 1
