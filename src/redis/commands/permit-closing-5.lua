--[[
  Permits the first send of a reservation's last interrogation: whether it commits or releases is decided here, once, and
  stored with its identity, fence compared (E1, E2). After a stop nothing is committed (E14).
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census
  ARGV: 1 JSON step: id, fence, from [states], kind, closing, to (a target as in move-order; absent where the state stays), now
  Returns: {1, order fields} permitted
           {2} stale fence, not reserved, decided otherwise, or a commit after a stop
]]
--- @include "contains"
--- @include "move-order"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'fence', 'closingKind', 'stopRequested')
if not contains(step.from, order[1]) or tonumber(order[2]) ~= step.fence then
  return { 2 }
end
local stopped = step.kind == 'commit' and order[4] == '1'
if stopped or (order[3] and order[3] ~= step.kind) then
  return { 2 }
end
if not order[3] then
  redis.call('HSET', KEYS[1], 'closing', step.closing, 'closingKind', step.kind, 'updatedAt', step.now)
end
if step.to then
  local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
  moveOrder(k, step.id, step.to, 'commit', step.now)
end
return { 1, redis.call('HGETALL', KEYS[1]) }
