--[[
  Owes a text about an order, each at most once for as long as the order is kept. What it asks is asked with it: a question that
  nobody was told again must not become the newest (E16).
  KEYS: 1 order  2 owed text  3 wake  4 subscriber (or the order)
  ARGV: 1 JSON step: owe {id, json}, asked {field, value} of what it asks or absent, now, leaseFor, owner
  Returns: {1, text fence}
           {2} one was owed before, or there is no such order
]]
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HSETNX', KEYS[1], 'told:' .. step.owe.id, step.now) == 0 then
  return { 2 }
end
if step.asked then
  redis.call('HSET', KEYS[4], step.asked[1], step.asked[2])
end
return { 1, oweMt(KEYS[2], KEYS[3], step.owe, step) }
