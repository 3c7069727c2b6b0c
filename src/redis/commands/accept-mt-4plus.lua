--[[
  The SMSC took every part of a text: receipts are matched by message id from here on; those that came first apply now.
  KEYS: 1 text  2 wake  3 outbox  4 dead letters  5.. per part two keys: its receipt key, its early receipt
  ARGV: 1 id  2 fence ('': whoever says it)  3 smsc  4 said (the text, its code masked)  5 ms to wait for receipts
        6 ms that a settled text is kept  7 now  8 when the text said was owed  9 when to look again (epoch ms) at one that is
        undelivered  10.. the message id of each part
  Returns: 1 recorded, 2 recorded and undelivered by a receipt that came first, 0 the text is gone, another one of its id was
           owed meanwhile (a new code), or is not this fence's to close
]]
--- @include "settle-part"

local FIRST = 10
local id, now = ARGV[1], ARGV[7]
local was = redis.call('HMGET', KEYS[1], 'state', 'fence')
local from = was[1]

-- Who replaces a text, and who takes it up, raises its fence.
local function isAnother()
  return was[2] ~= '1' and cjson.decode(redis.call('HGET', KEYS[1], 'json')).owedAt ~= tonumber(ARGV[8])
end

if not from or isAnother() then
  return 0
end
if ARGV[2] ~= '' and (from ~= 'owed' or was[2] ~= ARGV[2]) then
  return 0
end
local parts = {}
for i = FIRST, #ARGV do
  parts[#parts + 1] = 'part:' .. ARGV[i]
  parts[#parts + 1] = 'sent'
end
redis.call('HSET', KEYS[1], 'state', 'accepted', 'smsc', ARGV[3], 'open', #ARGV - FIRST + 1, 'updatedAt', now, unpack(parts))
redis.call('HDEL', KEYS[1], 'leaseUntil', 'owner', 'reason')
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('ZREM', KEYS[2], 'm:' .. id)
-- One that was owed once, and by nobody else, was never a dead letter.
if from ~= 'owed' or was[2] ~= '1' then
  redis.call('ZREM', KEYS[4], id)
end
tellText(KEYS[3], id, 'accepted', from, 'submit', now, 'said', ARGV[4])
local state = 'accepted'
for i = FIRST, #ARGV do
  local at = 5 + 2 * (i - FIRST)
  redis.call('SET', KEYS[at], id, 'PX', ARGV[5])
  local early = redis.call('GETDEL', KEYS[at + 1])
  if early then
    state = settlePart(KEYS[1], KEYS[3], id, ARGV[i], cjson.decode(early), now, ARGV[6]) or state
  end
end
if state ~= 'undelivered' then
  return 1
end
-- Its receipt came, and comes no more: the sweep says it again where whoever sent it does not come to it.
redis.call('ZADD', KEYS[2], ARGV[9], 'm:' .. id)
return 2
