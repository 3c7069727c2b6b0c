--[[
  Counts one answer to one challenge and moves the order (E1, E12, E16). A right answer takes the order's lease.
  KEYS: 1 dedupe  2 order  3 subscriber  4 wake  5 outbox  6 census  7 text "wrong"  8 text "locked"  9 text "late"
        10 text "codeOver"  11 text "already" (or the order)
  ARGV: 1 JSON step: id, challengeId, right, open [states], to, charge, chargeSession, spend (the mark of now) or absent, declined,
          expired, cancelled (targets as in move-order), wrong, locked, late, codeOver {id, json}, already {id, json} or absent,
          dedupeWindow, heard and since or absent, now, leaseFor, owner
  Returns: {1, fence, order fields} passed
           {2, text fence, tries left} wrong
           {3, text fence} locked: the last try, the order is declined
           {4, text fence} late: the window is over, and the order expires
           {5} moved: the challenge is no longer open
           {6} a repeat: nothing was counted
           {7, span} right, but it would pass a spend cap: nothing was done
           {8, text fence} the code's life is over, its window is not: the order goes on waiting, no try is counted
           {9, text fence} right, but the subscriber has this recurring service, or another order for it is under way: the
           order is cancelled
]]
--- @include "lease"
--- @include "contains"
--- @include "has-it"
--- @include "heard-before"
--- @include "move-order"
--- @include "owe-mt"
--- @include "trouble"

local step = cjson.decode(ARGV[1])
local k = { order = KEYS[2], subscriber = KEYS[3], wake = KEYS[4], outbox = KEYS[5], census = KEYS[6] }

local function told(code, mt, owe, extra)
  return { code, oweMt(mt, KEYS[4], owe, step), extra }
end

local function stay(order, cause)
  tell(KEYS[5], { type = 'order', id = step.id, state = order[1], from = order[1], cause = cause, serviceId = order[7],
    providerId = order[8], heard = step.heard, at = step.now })
end

local function late(order)
  if step.now >= tonumber(order[4]) then
    moveOrder(k, step.id, step.expired, 'window', step.now, step.heard)
    return told(4, KEYS[9], step.late)
  end
  stay(order, 'late')
  return told(8, KEYS[10], step.codeOver)
end

local function wrong(order)
  local tries = redis.call('HINCRBY', KEYS[2], 'tries', 1)
  local left = tonumber(order[6]) - tries
  if left <= 0 then
    moveOrder(k, step.id, step.declined, 'last-wrong', step.now, step.heard)
    trouble(KEYS[3], order[8], 'failed-challenge', step.now)
    return told(3, KEYS[8], step.locked)
  end
  stay(order, 'wrong')
  step.wrong.triesLeft = left
  return told(2, KEYS[7], step.wrong, left)
end

local function passed(mark)
  if mark then
    redis.call('HSET', KEYS[2], 'spend', mark)
  end
  moveOrder(k, step.id, step.to, 'right', step.now, step.heard)
  if step.charge then
    redis.call('HSET', KEYS[2], 'charge', step.charge, 'chargeSession', step.chargeSession)
  end
  local fence = lease(KEYS[2], KEYS[4], 'o:' .. step.id, step)
  return { 1, fence, redis.call('HGETALL', KEYS[2]) }
end

if heardBefore(KEYS[1], step) then
  return { 6 }
end
local order = redis.call('HMGET', KEYS[2], 'state', 'challengeId', 'codeEndsAt', 'windowEndsAt', 'challengeKind', 'maxTries',
  'serviceId', 'providerId', 'spend')
if not contains(step.open, order[1]) or order[2] ~= step.challengeId then
  return { 5 }
end
local codeOver = order[5] == 'otp' and step.now >= tonumber(order[3])
local isLate = codeOver or step.now >= tonumber(order[4])
local right = step.right and not isLate
local has = right and step.already and hasIt(KEYS[3], order[7])
-- It counts from here on, by the day that it is now: by that of the question it would count nowhere once another one has begun.
local mark = order[9] and (step.spend or order[9])
local over = right and not has and mark and overCap(KEYS[3], cjson.decode(mark))
if over then
  return { 7, over }
end
nowHeard(KEYS[1], step)
if isLate then
  return late(order)
end
if has then
  moveOrder(k, step.id, step.cancelled, 'superseded', step.now, step.heard)
  return told(9, KEYS[11], step.already)
end
if right then
  return passed(mark)
end
return wrong(order)
