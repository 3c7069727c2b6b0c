--[[
  Counts a help or error answer of this hour (E20).
  KEYS: 1 counter
  ARGV: 1 window in ms
  Returns: the count, this one included
]]
local count = redis.call('INCR', KEYS[1])
if count == 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
return count
