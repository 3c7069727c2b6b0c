--[[
  A send went unanswered: charge-unknown, and T from now on (E2).
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census
  ARGV: 1 JSON step: id, fence, from [states], to, now
  Returns: 1 marked, 0 stale fence or the answer is there already
]]
--- @include "contains"
--- @include "move-order"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'fence')
if not contains(step.from, order[1]) or tonumber(order[2]) ~= step.fence then
  return 0
end
redis.call('HSET', KEYS[1], 'unanswered', '1')
if order[1] ~= step.to.state then
  local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
  moveOrder(k, step.id, step.to, 'silence', step.now)
end
return 1
