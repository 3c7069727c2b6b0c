--[[
  Steps back from charging: nothing was sent, or an error answer says that nothing was done (E3). Only the holder of the
  fence knows that, and only while no send went unanswered. A stop that came meanwhile now cancels, and owes its outcome (E14).
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census  6 text owed where a stop cancels (or the order)
  ARGV: 1 JSON step: id, fence, from [states], to, cancelled (targets), oweStopped {id, json} or absent, now, owner
  Returns: 1 stepped back, 0 not allowed
]]
--- @include "contains"
--- @include "move-order"
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'fence', 'unanswered', 'stopRequested')
if not contains(step.from, order[1]) or tonumber(order[2]) ~= step.fence or order[3] == '1' then
  return 0
end
local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
moveOrder(k, step.id, step.to, 'step-back', step.now)
if order[4] == '1' then
  moveOrder(k, step.id, step.cancelled, 'stop', step.now)
  if step.oweStopped then
    oweLater(KEYS[6], KEYS[3], step.oweStopped, step)
  end
end
return 1
