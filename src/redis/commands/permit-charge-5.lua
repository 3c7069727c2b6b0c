--[[
  Permits the first send of a charge: confirmed to charging together with the charge's identity, fence compared (E1). An
  identity that was stored earlier is kept (E2), and has never left: its age counts from here (E4). A renewal that waited for its
  next try is held to the spend caps again, and counts towards those of now.
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census
  ARGV: 1 JSON step: id, fence, from [states], to, charge, chargeSession, now, spend (the mark of now, '' where no cap counts it any
          more; absent: that of its opening)
  Returns: {1, order fields} permitted
           {2} stale fence, not an order that may be charged, or one that would pass a spend cap now
]]
--- @include "contains"
--- @include "move-order"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'fence', 'charge', 'spend', 'spent')
if not contains(step.from, order[1]) or tonumber(order[2]) ~= step.fence then
  return { 2 }
end
local mark = order[4]
if step.spend and not order[5] then
  mark = step.spend ~= '' and step.spend
end
if mark and not order[5] and overCap(KEYS[2], cjson.decode(mark)) then
  return { 2 }
end
if mark and mark ~= order[4] then
  redis.call('HSET', KEYS[1], 'spend', mark)
elseif order[4] and not mark then
  redis.call('HDEL', KEYS[1], 'spend')
end
if not order[3] then
  redis.call('HSET', KEYS[1], 'charge', step.charge, 'chargeSession', step.chargeSession)
end
redis.call('HSET', KEYS[1], 'sentFrom', step.now)
local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
moveOrder(k, step.id, step.to, 'permit', step.now)
return { 1, redis.call('HGETALL', KEYS[1]) }
