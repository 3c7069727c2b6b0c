--[[
  Looks no more at an undelivered text, once what follows from it was done.
  KEYS: 1 text  2 wake
  ARGV: 1 text id
  Returns: 1 done, 0 it is owed again, or not undelivered
]]
if redis.call('HGET', KEYS[1], 'state') ~= 'undelivered' then
  return 0
end
redis.call('ZREM', KEYS[2], 'm:' .. ARGV[1])
return 1
