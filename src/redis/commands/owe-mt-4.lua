--[[
  Owes one text for an MO that moved no order (E12).
  KEYS: 1 dedupe  2 owed text  3 wake  4 outbox
  ARGV: 1 JSON step: owe {id, json}, dedupeWindow, heard and since or absent, now, leaseFor, owner
  Returns: {1, text fence}
           {2} a repeat
]]
--- @include "heard-before"
--- @include "owe-mt"
--- @include "tell-heard"

local step = cjson.decode(ARGV[1])
if heardBefore(KEYS[1], step) then
  return { 2 }
end
nowHeard(KEYS[1], step)
tellHeard(KEYS[4], step, step.owe.id)
return { 1, oweMt(KEYS[2], KEYS[3], step.owe, step) }
