--[[
  Parks an order for a person: the OCS no longer remembers the charge, or refuses the refund (E4).
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census
  ARGV: 1 JSON step: id, fence, from [states], to, reason, now
  Returns: 1 disputed, 0 stale fence or not allowed
]]
--- @include "contains"
--- @include "move-order"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'fence')
if not contains(step.from, order[1]) or tonumber(order[2]) ~= step.fence then
  return 0
end
redis.call('HSET', KEYS[1], 'reason', step.reason)
local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
moveOrder(k, step.id, step.to, 'dispute', step.now)
return 1
