--[[
  Owes a text about an order, each at most once for as long as the order is kept.
  KEYS: 1 order  2 owed text  3 wake
  ARGV: 1 JSON step: owe {id, json}, now, leaseFor, owner
  Returns: {1, text fence}
           {2} one was owed before, or there is no such order
]]
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HSETNX', KEYS[1], 'told:' .. step.owe.id, step.now) == 0 then
  return { 2 }
end
return { 1, oweMt(KEYS[2], KEYS[3], step.owe, step) }
