--[[
  Names the commands that our user may not send.
  KEYS: 1 any key of ours
  ARGV: commands, such as HSET or XGROUP|DELCONSUMER
  Returns: those of them; none from a server that cannot be asked (before Redis 7.0)
]]
local forbidden = {}
if not redis.acl_check_cmd then
  return forbidden
end
for _, command in ipairs(ARGV) do
  local words = {}
  for word in string.gmatch(command, '[^|]+') do
    words[#words + 1] = word
  end
  -- For as many keys as any of them takes; it is not run.
  for _ = 1, 4 do
    words[#words + 1] = KEYS[1]
  end
  if not redis.acl_check_cmd(unpack(words)) then
    forbidden[#forbidden + 1] = command
  end
end
return forbidden
