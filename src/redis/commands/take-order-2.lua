--[[
  Takes the lease of an order when it is free or over, under a higher fence (E5). Whichever job comes: a renewal that waits for
  its next try is nobody's before that (E11).
  KEYS: 1 order  2 wake
  ARGV: 1 JSON step: id, from [states in which something is left to do], now, leaseFor, owner, fence [that it must still have] or
        absent (any)
  Returns: {1, fence, order fields}
           {2} somebody holds it or took it up since, it waits for its next try, or nothing is left to do
]]
--- @include "contains"
--- @include "lease"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'leaseUntil', 'retrying')
if not contains(step.from, order[1]) or math.max(tonumber(order[2]) or 0, tonumber(order[3]) or 0) > step.now then
  return { 2 }
end
if step.fence and tonumber(redis.call('HGET', KEYS[1], 'fence')) ~= step.fence then
  return { 2 }
end
local fence = lease(KEYS[1], KEYS[2], 'o:' .. step.id, step)
return { 1, fence, redis.call('HGETALL', KEYS[1]) }
