--[[
  Permits a send of a reservation's last interrogation: whether it commits or releases is decided by the first, once, and
  stored with its identity, fence compared (E1, E2). After a stop no commit is decided on (E14); one that was is sent on.
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census
  ARGV: 1 JSON step: id, fence, from [states], decided [states of what was permitted before], kind, closing, to (a target as in
          move-order; absent where the state stays), now
  Returns: {1, order fields, 1 with T or 0} permitted
           {2} stale fence, not reserved, decided otherwise, or a commit after a stop
]]
--- @include "contains"
--- @include "permit-send"
--- @include "move-order"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'fence', 'closingKind', 'stopRequested')
local decided = order[3]
if not contains(decided and step.decided or step.from, order[1]) or tonumber(order[2]) ~= step.fence then
  return { 2 }
end
if decided and decided ~= step.kind or not decided and step.kind == 'commit' and order[4] == '1' then
  return { 2 }
end
local again = permitSend(KEYS[1], step.kind, decided, step.now)
if not decided then
  redis.call('HSET', KEYS[1], 'closing', step.closing, 'closingKind', step.kind, 'updatedAt', step.now)
  if step.to then
    local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
    moveOrder(k, step.id, step.to, 'commit', step.now)
  end
end
return { 1, redis.call('HGETALL', KEYS[1]), again }
