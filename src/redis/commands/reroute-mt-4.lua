--[[
  Owes a text over another channel, and writes on its order why (P6). One that is owed takes its holder's fence; one that
  was accepted takes none, and only when it did not arrive.
  KEYS: 1 text  2 wake  3 outbox  4 order (or the text)
  ARGV: 1 JSON step: owe {id, json}, fence or absent, fallback (JSON) and ofOrder or absent, challenge {open [states], orderId,
          id, json, windowEndsAt, codeEndsAt} or absent, now, leaseFor, owner
  Returns: {1, text fence}
           {2} the text is somebody else's by now, or it arrived
]]
--- @include "contains"
--- @include "owe-mt"
--- @include "tell"

local step = cjson.decode(ARGV[1])
local mt = redis.call('HMGET', KEYS[1], 'state', 'fence', 'triesLeft')
local held = step.fence and mt[1] == 'owed' and tonumber(mt[2]) == step.fence
local lost = not step.fence and mt[1] == 'undelivered'
if not held and not lost then
  return { 2 }
end
if step.ofOrder and redis.call('EXISTS', KEYS[4]) == 1 then
  local before = redis.call('HGET', KEYS[4], 'fallbacks')
  local list = before and string.sub(before, 1, -2) .. ',' .. step.fallback .. ']' or '[' .. step.fallback .. ']'
  redis.call('HSET', KEYS[4], 'fallbacks', list)
end
-- The challenge has the time of its new channel, where its order still waits for an answer to it.
if step.challenge then
  local order = redis.call('HMGET', KEYS[4], 'state', 'challengeId')
  if contains(step.challenge.open, order[1]) and order[2] == step.challenge.id then
    redis.call('HSET', KEYS[4], 'challenge', step.challenge.json, 'windowEndsAt', step.challenge.windowEndsAt,
      'codeEndsAt', step.challenge.codeEndsAt, 'updatedAt', step.now)
    redis.call('ZADD', KEYS[2], step.challenge.windowEndsAt, 'o:' .. step.challenge.orderId)
  end
end
step.owe.triesLeft = mt[3] or nil
local fence = oweMt(KEYS[1], KEYS[2], step.owe, step)
tell(KEYS[3], { type = 'mt', id = step.owe.id, state = 'owed', from = mt[1], cause = 'fallback',
  fallback = step.fallback, at = step.now })
return { 1, fence }
