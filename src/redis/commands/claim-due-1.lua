--[[
  Claims what is due and pushes its wake ahead, so that a second sweeper does not take it too.
  KEYS: 1 wake
  ARGV: 1 now  2 limit  3 pushed to (epoch ms)  4 letters with which members begin that are to be claimed, or absent (all)
        5 what is due since then (epoch ms) is claimed whatever its letter
  Returns: the members
]]
local limit = tonumber(ARGV[2])

local function isAsked(member)
  return not ARGV[4] or string.find(ARGV[4], string.sub(member, 1, 1), 1, true)
    or tonumber(redis.call('ZSCORE', KEYS[1], member)) <= tonumber(ARGV[5])
end

-- Page by page: what is left to others must not hide what is due behind it.
local due, from = {}, 0
repeat
  local page = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', from, limit)
  for _, member in ipairs(page) do
    if #due < limit and isAsked(member) then
      due[#due + 1] = member
    end
  end
  from = from + limit
until #page < limit or #due >= limit
for _, member in ipairs(due) do
  redis.call('ZADD', KEYS[1], 'XX', ARGV[3], member)
end
return due
