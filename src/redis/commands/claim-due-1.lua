--[[
  Claims what is due and pushes its wake ahead, so that a second sweeper does not take it too.
  KEYS: 1 wake
  ARGV: 1 now  2 limit  3 pushed to (epoch ms)
  Returns: the members
]]
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, member in ipairs(due) do
  redis.call('ZADD', KEYS[1], 'XX', ARGV[3], member)
end
return due
