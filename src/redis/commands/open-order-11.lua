--[[
  Opens an order: dedupe, the order with its charge identity and lease, the owed text, indexes and the outbox (E1, E12).
  KEYS: 1 dedupe  2 order  3 subscriber  4 owed text (or the order)  5 wake  6 outbox  7 census  8 recent orders
        9 the subscriber's orders  10 the superseded order (or the order)  11 what the subscriber stopped of late
  ARGV: 1 id  2 now  3 ms that a repeat is recognised  4 to {state, shelf, rest, spends, ttl} as JSON  5 serviceId
        6 providerId  7 when the sweeper must look again: at the end of the lease, or of the subscriber's window  8 heard
        9 spend  10 field of the subscriber that says when it was asked: to spend more, or for this order's answer  11 its value
        12 ms that the subscriber's index is kept  13 and 14 rank that ends what recent orders and the subscriber's orders drop
        15 end of the leases  16 owner  17 id and 18 JSON of the text to owe  19 id and 20 JSON of the text where the
        subscriber has the service already  21 superseded order  22 cancel {from [states], to} as JSON, for it
        23 when its MO was received  24.. the order's fields, each before its value
        Of these 7 to 11 and 17 to 21 are '' where there is none.
  Returns: {1, order fence, text fence or 0} opened
           {2} a repeat
           {3, text fence} the subscriber has this recurring service, or an order for it is under way
           {4} other orders have used a spend cap up meanwhile: nothing was done
           {5} a STOP that was received no sooner came first: nothing was done (E14)
]]
--- @include "contains"
--- @include "has-it"
--- @include "move-order"
--- @include "owe-mt"
--- @include "tell-heard"

local id, now, serviceId, spend = ARGV[1], ARGV[2], ARGV[5], ARGV[9]
local to = cjson.decode(ARGV[4])
local heard = ARGV[8] ~= '' and ARGV[8] or nil

local function owe(mtId, json)
  return oweText(KEYS[4], KEYS[5], mtId, json, now, ARGV[15], ARGV[16])
end

-- Another process may have heard it while this one was still reading the sender, or asking the OCS.
local function stoppedSince()
  for _, at in ipairs(redis.call('HMGET', KEYS[11], '*', serviceId)) do
    if at and tonumber(at) >= tonumber(ARGV[23]) then
      return redis.call('EXISTS', KEYS[1]) == 0
    end
  end
  return false
end

if stoppedSince() then
  return { 5 }
end
local already = ARGV[19] ~= '' and hasIt(KEYS[3], serviceId)
if spend ~= '' and to.spends and not already and redis.call('EXISTS', KEYS[1]) == 0
  and overCap(KEYS[3], cjson.decode(spend)) then
  return { 4 }
end
if not redis.call('SET', KEYS[1], already and ARGV[19] or id, 'PX', ARGV[3], 'NX') then
  return { 2 }
end
if already then
  tellHeard(KEYS[6], { heard = heard, now = now }, ARGV[19])
  return { 3, owe(ARGV[19], ARGV[20]) }
end
if ARGV[21] ~= '' then
  local cancel = cjson.decode(ARGV[22])
  if contains(cancel.from, redis.call('HGET', KEYS[10], 'state')) then
    local k = { order = KEYS[10], subscriber = KEYS[3], wake = KEYS[5], outbox = KEYS[6], census = KEYS[7] }
    moveOrder(k, ARGV[21], cancel.to, 'superseded', now, heard)
  end
end
redis.call('HSET', KEYS[2], unpack(ARGV, 24))
if to.ttl then
  redis.call('PEXPIRE', KEYS[2], to.ttl)
end
if spend ~= '' then
  countSpend(KEYS[2], KEYS[3], spend, to)
end
if ARGV[10] ~= '' then
  redis.call('HSET', KEYS[3], ARGV[10], ARGV[11])
end
if ARGV[7] ~= '' then
  redis.call('ZADD', KEYS[5], ARGV[7], 'o:' .. id)
end
redis.call('HINCRBY', KEYS[7], to.state, '1')
redis.call('ZADD', KEYS[8], now, id)
redis.call('ZREMRANGEBYRANK', KEYS[8], '0', ARGV[13])
redis.call('ZADD', KEYS[9], now, id)
redis.call('ZREMRANGEBYRANK', KEYS[9], '0', ARGV[14])
redis.call('PEXPIRE', KEYS[9], ARGV[12])
shelveNew(KEYS[3], id, to.shelf, serviceId, now)
local who = TELLS_WHO[to.state] and string.match(KEYS[3], '[^:]+$')
if heard and who then
  tellOrder(KEYS[6], id, to.state, 'received', 'open', serviceId, ARGV[6], now, 'heard', heard, 'who', who)
elseif heard or who then
  tellOrder(KEYS[6], id, to.state, 'received', 'open', serviceId, ARGV[6], now, heard and 'heard' or 'who', heard or who)
else
  tellOrder(KEYS[6], id, to.state, 'received', 'open', serviceId, ARGV[6], now)
end
return { 1, 1, ARGV[17] ~= '' and owe(ARGV[17], ARGV[18]) or 0 }
