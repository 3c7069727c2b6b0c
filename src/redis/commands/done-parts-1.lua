--[[
  The joined MO is stored: its parts are forgotten, and what still comes of it until the timeout is a repeat.
  KEYS: 1 message
  ARGV: none
  Returns: 1 done, 0 it is over, was done already, or parts are missing: then it is a later message of the same reference
]]
local total = tonumber(redis.call('HGET', KEYS[1], 'total'))
if not total then
  return 0
end
local pdus = {}
for sequence = 1, total do
  pdus[sequence] = 'pdu:' .. sequence
  if redis.call('HEXISTS', KEYS[1], pdus[sequence]) == 0 then
    return 0
  end
end
redis.call('HDEL', KEYS[1], unpack(pdus))
redis.call('HSET', KEYS[1], 'done', 1)
return 1
