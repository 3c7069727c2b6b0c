--[[
  The joined MO is stored: its parts are forgotten, and what still comes of it within the timeout is a repeat.
  KEYS: 1 message  2 due
  ARGV: 1 its member of due
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
redis.call('ZREM', KEYS[2], ARGV[1])
local timeout = redis.call('HGET', KEYS[1], 'timeout')
if timeout then
  redis.call('PEXPIRE', KEYS[1], timeout)
end
return 1
