--[[
  Ends leases before their time: their holder is dead, or gives them up. Whoever sweeps next may take what they were for.
  KEYS: 1 wake  2.. orders and texts
  ARGV: 1 JSON step: now, members [wake member of each record], owners [holder that each record must still have]
  Returns: the number freed
]]
local step = cjson.decode(ARGV[1])
local freed = 0
for i, owner in ipairs(step.owners) do
  if redis.call('HGET', KEYS[i + 1], 'owner') == owner then
    redis.call('HDEL', KEYS[i + 1], 'leaseUntil', 'owner')
    redis.call('ZADD', KEYS[1], step.now, step.members[i])
    freed = freed + 1
  end
end
return freed
