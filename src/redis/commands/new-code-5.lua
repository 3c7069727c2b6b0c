--[[
  Puts a new challenge id in place of the open one; its tries begin anew (E12, E15, E16).
  KEYS: 1 dedupe  2 order  3 owed text  4 wake  5 outbox
  ARGV: 1 JSON step: id, before, open [states], challenge, challengeId, maxTries, codeEndsAt, owe {id, json}, dedupeWindow,
          heard or absent, now, leaseFor, owner
  Returns: {1, text fence} renewed
           {2} the challenge is another one by now, or over
           {3} a repeat
]]
--- @include "contains"
--- @include "tell"
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 1 then
  return { 3 }
end
local order = redis.call('HMGET', KEYS[2], 'state', 'challengeId', 'windowEndsAt', 'serviceId', 'providerId')
if not contains(step.open, order[1]) or order[2] ~= step.before or step.now >= tonumber(order[3]) then
  return { 2 }
end
redis.call('SET', KEYS[1], step.id, 'PX', step.dedupeWindow)
redis.call('HSET', KEYS[2], 'challenge', step.challenge, 'challengeId', step.challengeId, 'maxTries', step.maxTries,
  'codeEndsAt', step.codeEndsAt, 'tries', 0, 'updatedAt', step.now)
tell(KEYS[5], { type = 'order', id = step.id, state = order[1], from = order[1], cause = 'new-code', serviceId = order[4],
  providerId = order[5], heard = step.heard, at = step.now })
return { 1, oweMt(KEYS[3], KEYS[4], step.owe, step) }
