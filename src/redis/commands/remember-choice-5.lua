--[[
  Remembers what a subscriber chose, and owes the answer (E12).
  KEYS: 1 dedupe  2 subscriber  3 wake  4 owed text  5 outbox
  ARGV: 1 JSON step: choice {field = value}, owe {id, json}, dedupeWindow, heard and since or absent, now,
          leaseFor, owner
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
for field, value in pairs(step.choice) do
  redis.call('HSET', KEYS[2], field, value)
end
tellHeard(KEYS[5], step, step.owe.id)
return { 1, oweMt(KEYS[4], KEYS[3], step.owe, step) }
