--[[
  Forgets one text of an erasure, unless it is owed again since that looked for it: what may be on its way is closed by its sending.
  KEYS: 1 text  2 wake  3 dead letters
  ARGV: 1 text id
  Returns: 1 forgotten, or its retention ended before
           0 it is owed: nothing was done
]]
if redis.call('HGET', KEYS[1], 'state') == 'owed' then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], 'm:' .. ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return 1
