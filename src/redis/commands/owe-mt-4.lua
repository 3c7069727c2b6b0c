--[[
  Owes one text for an MO that moved no order (E12).
  KEYS: 1 dedupe  2 owed text  3 wake  4 outbox
  ARGV: 1 JSON step: owe {id, json}, dedupeWindow, heard or absent, now, leaseFor, owner
  Returns: {1, text fence}
           {2} a repeat
]]
--- @include "owe-mt"
--- @include "tell-heard"

local step = cjson.decode(ARGV[1])
if not redis.call('SET', KEYS[1], step.owe.id, 'PX', step.dedupeWindow, 'NX') then
  return { 2 }
end
tellHeard(KEYS[4], step, step.owe.id)
return { 1, oweMt(KEYS[2], KEYS[3], step.owe, step) }
