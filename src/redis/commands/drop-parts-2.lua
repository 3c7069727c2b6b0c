--[[
  What came of a long MO was handed over without the rest, and is forgotten.
  KEYS: 1 message  2 due
  ARGV: 1 its member of due  2 fields that it had when it was read
  Returns: 1 dropped, 0 another part came meanwhile: it stays due
]]
local fields = redis.call('HLEN', KEYS[1])
if fields > 0 and fields ~= tonumber(ARGV[2]) then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
