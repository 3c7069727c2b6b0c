--[[
  Opens the order of a subscription's next period (E11): once, for its id is the subscription's and the period's number, and
  only while the subscription is as it was read. It is left to the sweeper, which finds it at once.
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census  6 recent orders  7 the subscriber's orders  8 due
  ARGV: 1 JSON step: id, to {state, shelf, spends}, frozen, spend or absent, orderId and rev (of the subscription as read), serviceId, providerId, subscription, lookAt, dueMember,
          now, indexTtl, recentMax, ownMax
  Returns: 1 opened, 0 the subscription has changed or ended, the period has its order, or a spend cap was used up meanwhile
]]
--- @include "tell"
--- @include "shelve"
--- @include "spend"
--- @include "give-service"
--- @include "is-as-read"

local step = cjson.decode(ARGV[1])
if not isAsRead(KEYS[2], step) or redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
if step.spend and overCap(KEYS[2], cjson.decode(step.spend)) then
  return 0
end
redis.call('HSET', KEYS[1], 'frozen', step.frozen, 'renewal', step.subscription, 'state', step.to.state, 'fence', 0,
  'tries', 0, 'waits', 0, 'serviceId', step.serviceId, 'providerId', step.providerId, 'updatedAt', step.now)
if step.spend then
  redis.call('HSET', KEYS[1], 'spend', step.spend)
  countSpend(KEYS[1], KEYS[2], step.spend, step.to)
end
redis.call('ZADD', KEYS[3], step.now, 'o:' .. step.id)
redis.call('HINCRBY', KEYS[5], step.to.state, 1)
redis.call('ZADD', KEYS[6], step.now, step.id)
redis.call('ZREMRANGEBYRANK', KEYS[6], 0, -step.recentMax - 1)
redis.call('ZADD', KEYS[7], step.now, step.id)
redis.call('ZREMRANGEBYRANK', KEYS[7], 0, -step.ownMax - 1)
redis.call('PEXPIRE', KEYS[7], step.indexTtl)
shelve(KEYS[2], step.id, step.to.shelf, step.serviceId, step.now)
keepSubscription({ subscriber = KEYS[2], due = KEYS[8] }, step)
tell(KEYS[4], { type = 'order', id = step.id, state = step.to.state, from = 'received', cause = 'renew',
  serviceId = step.serviceId, providerId = step.providerId, at = step.now })
return 1
