--[[
  The joined MO is stored: its parts are forgotten, and what still comes of it is a repeat: for as long as the message says (`known`;
  the timeout in one of the build before), and where its last part was not acknowledged at least for as long as its parts were to be kept.
  KEYS: 1 message  2 due
  ARGV: 1 its member of due  2 '1' where its last part was not acknowledged, so that it is sure to come
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
local known = tonumber(redis.call('HGET', KEYS[1], 'known') or redis.call('HGET', KEYS[1], 'timeout'))
if known and (ARGV[2] ~= '1' or known > redis.call('PTTL', KEYS[1])) then
  redis.call('PEXPIRE', KEYS[1], known)
end
return 1
