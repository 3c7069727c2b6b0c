--[[
  Takes the lease of an owed text when it is free or over, under a higher fence.
  KEYS: 1 text  2 wake
  ARGV: 1 JSON step: id, now, leaseFor, owner, fence [that it must still have] or absent (any)
  Returns: {1, fence, text fields}
           {2} somebody holds it or took it up since, or it is not owed any more
]]
--- @include "lease"

local step = cjson.decode(ARGV[1])
local mt = redis.call('HMGET', KEYS[1], 'state', 'leaseUntil', 'fence')
if mt[1] ~= 'owed' or (tonumber(mt[2]) or 0) > step.now then
  return { 2 }
end
if step.fence and tonumber(mt[3]) ~= step.fence then
  return { 2 }
end
local fence = lease(KEYS[1], KEYS[2], 'm:' .. step.id, step)
return { 1, fence, redis.call('HGETALL', KEYS[1]) }
