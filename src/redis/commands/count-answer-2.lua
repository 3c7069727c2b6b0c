--[[
  Counts an answer of one kind of this hour (E20). A message that some step has recorded is a repeat, and counts nothing.
  KEYS: 1 counter  2 dedupe
  ARGV: 1 window in ms
  Returns: the count, this one included; 0 for a repeat
]]
if redis.call('EXISTS', KEYS[2]) == 1 then
  return 0
end
local count = redis.call('INCR', KEYS[1])
if count == 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
return count
