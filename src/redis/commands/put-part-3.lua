--[[
  Keeps one part of a long MO until all are there. Parts come in any order and more than once; a part that differs from the
  one under its number, in its text or in the SMSC's id where both have one, is a new message under a reference that came round. What is
  not handed over by its deadline is due: its parts were acknowledged, so they are kept until somebody has handed them over as they are.
  KEYS: 1 message  2 due  3 where a message waits that a new one displaces
  ARGV: 1 JSON step: sequence, total, digest (of the part's text), mo (digest of the SMSC's id of it) or absent, pdu (sealed),
        link, timeout, known (as a repeat, once it is done), keep (ms), now, until (epoch ms), id, displaced (members of due for KEYS 1 and 3)
  Returns: {1} kept, or kept already: others are missing
           {2, pdu...} all are there, by sequence; told again for each repeat until done-parts
           {3} a repeat of a message that was handed over
]]
local step = cjson.decode(ARGV[1])
local held = redis.call('HGET', KEYS[1], 'digest:' .. step.sequence)
local mo = redis.call('HGET', KEYS[1], 'mo:' .. step.sequence)
if held and (held ~= step.digest or (mo and step.mo and mo ~= step.mo)) then
  if redis.call('HEXISTS', KEYS[1], 'done') == 1 then
    redis.call('DEL', KEYS[1])
  else
    redis.call('RENAME', KEYS[1], KEYS[3])
    redis.call('ZADD', KEYS[2], step.now, step.displaced)
  end
  held = false
end
if held and redis.call('HEXISTS', KEYS[1], 'done') == 1 then
  return { 3 }
end
if not held then
  local first = redis.call('EXISTS', KEYS[1]) == 0
  redis.call('HSET', KEYS[1], 'digest:' .. step.sequence, step.digest, 'pdu:' .. step.sequence, step.pdu, 'total', step.total)
  if step.mo then
    redis.call('HSET', KEYS[1], 'mo:' .. step.sequence, step.mo)
  end
  if first then
    redis.call('HSET', KEYS[1], 'link', step.link, 'timeout', step.timeout, 'known', step.known)
    redis.call('PEXPIRE', KEYS[1], step.keep)
    redis.call('ZADD', KEYS[2], step['until'], step.id)
  end
end
local fields = {}
for sequence = 1, step.total do
  fields[sequence] = 'pdu:' .. sequence
end
local reply = { 2 }
for _, pdu in ipairs(redis.call('HMGET', KEYS[1], unpack(fields))) do
  if not pdu then
    return { 1 }
  end
  reply[#reply + 1] = pdu
end
return reply
