--[[
  Forgets one order of an erasure, unless it moved or was put on hold since that looked for it: an erasure looks for minutes, and a
  refund that was asked for meanwhile is still owed (E6).
  KEYS: 1 order  2 subscriber  3 the subscriber's orders  4 wake  5 recent orders
  ARGV: 1 order id  2 its state as the erasure found it
  Returns: 1 forgotten, or its retention ended before
           0 it moved, or a person holds it: nothing was done
]]
local order = redis.call('HMGET', KEYS[1], 'state', 'hold')
if order[1] and (order[1] ~= ARGV[2] or order[2]) then
  return 0
end
local id = ARGV[1]
redis.call('DEL', KEYS[1])
redis.call('HDEL', KEYS[2], 'pend:' .. id, 'fly:' .. id, 'park:' .. id, 'late:' .. id)
redis.call('ZREM', KEYS[3], id)
redis.call('ZREM', KEYS[4], 'o:' .. id)
redis.call('ZREM', KEYS[5], id)
return 1
