--[[
  Records the definite answer to a reservation's last interrogation, from any process; the first one wins, but a late success
  settles the dispute about a commit (E5), be it by age or by a refusal. A commit places, or refunds after a stop; a release ends
  the order: cancelled after a stop, else uncharged (E14).
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census  6 owed text (or the order)  7 text owed after a stop (or the order)
        8 due
  ARGV: 1 JSON step: id, kind, cause, from [states], to, stopped (targets as in move-order), closed (Result-Code or absent), reason
          or absent, serviceId, subscription, lookAt, dueMember or absent, owe and oweStopped {id, json} or absent, now, leaseFor, owner
  Returns: {1, state, text fence or 0} recorded
           {2, state} recorded before, disputed about its refund, or not an order that this answer can move; '' when it does
           not exist
]]
--- @include "contains"
--- @include "move-order"
--- @include "give-service"
--- @include "owe-mt"

local step = cjson.decode(ARGV[1])
local order = redis.call('HMGET', KEYS[1], 'state', 'closingKind', 'refund', 'stopRequested', 'providerId', 'leaseUntil')
-- With a refund begun the commit is known or ruled on: the dispute is about that refund, which no second answer settles.
local aboutRefund = order[1] == 'disputed' and order[3]
if not contains(step.from, order[1]) or order[2] ~= step.kind or aboutRefund then
  return { 2, order[1] or '' }
end
local stopped = order[4] == '1'
local to = stopped and step.stopped or step.to
if step.closed then
  redis.call('HSET', KEYS[1], 'closed', step.closed)
end
if step.reason then
  redis.call('HSET', KEYS[1], 'reason', step.reason)
end
redis.call('HSET', KEYS[1], 'waits', 0)
local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5], due = KEYS[8] }
moveOrder(k, step.id, to, step.cause, step.now)
if to.state == 'placed' then
  giveService(k, order[5], step)
end
if not to.rest then
  redis.call('ZADD', KEYS[3], math.max(tonumber(order[6]) or 0, step.now), 'o:' .. step.id)
end
local owe = step.owe
local mt = KEYS[6]
if stopped then
  owe = step.oweStopped
  mt = KEYS[7]
end
return { 1, to.state, owe and oweMt(mt, KEYS[3], owe, step) or 0 }
