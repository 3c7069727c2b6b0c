--[[
  The SMSC took every part of a text: receipts are matched by message id from here on; those that came first apply now.
  KEYS: 1 text  2 wake  3 outbox  4 dead letters  5.. per part two keys: its receipt key, its early receipt
  ARGV: 1 JSON step: id, fence (absent: whoever says it), smsc, parts [message ids], said (the text, its code masked), receiptTtl, settledTtl, now
  Returns: 1 recorded, 2 recorded and undelivered by a receipt that came first, 0 the text is gone, or is not this fence's to close
]]
--- @include "settle-part"

local step = cjson.decode(ARGV[1])
local from = redis.call('HGET', KEYS[1], 'state')
if not from then
  return 0
end
if step.fence and (from ~= 'owed' or tonumber(redis.call('HGET', KEYS[1], 'fence')) ~= step.fence) then
  return 0
end
local fields = { 'state', 'accepted', 'smsc', step.smsc, 'open', #step.parts, 'updatedAt', step.now }
for _, part in ipairs(step.parts) do
  fields[#fields + 1] = 'part:' .. part
  fields[#fields + 1] = 'sent'
end
redis.call('HSET', KEYS[1], unpack(fields))
redis.call('HDEL', KEYS[1], 'leaseUntil', 'owner', 'reason')
redis.call('PEXPIRE', KEYS[1], step.receiptTtl)
redis.call('ZREM', KEYS[2], 'm:' .. step.id)
redis.call('ZREM', KEYS[4], step.id)
tell(KEYS[3], { type = 'mt', id = step.id, state = 'accepted', from = from, cause = 'submit', said = step.said, at = step.now })
local state = 'accepted'
for i, part in ipairs(step.parts) do
  redis.call('SET', KEYS[3 + 2 * i], step.id, 'PX', step.receiptTtl)
  local early = redis.call('GETDEL', KEYS[4 + 2 * i])
  if early then
    state = settlePart(KEYS[1], KEYS[3], step.id, part, cjson.decode(early), step) or state
  end
end
return state == 'undelivered' and 2 or 1
