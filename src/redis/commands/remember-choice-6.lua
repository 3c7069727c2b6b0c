--[[
  Remembers what a subscriber chose, looks again at the subscriptions that waited for it, and owes the answer (E12).
  KEYS: 1 dedupe  2 subscriber  3 wake  4 owed text  5 outbox  6 due
  ARGV: 1 JSON step: choice {field = value}, waited [{serviceId, orderId and rev (as read), subscription, lookAt, dueMember}], owe {id, json},
          dedupeWindow, heard and since or absent, now, leaseFor, owner
  Returns: {1, text fence}
           {2} a repeat
]]
--- @include "heard-before"
--- @include "is-as-read"
--- @include "owe-mt"
--- @include "tell-heard"

local TOLD, UNTOLD = '"reminded":true', '"reminded":false'

-- A sweep that read it before the choice must not put it off after it, so it counts as changed. One that a sweep has put off
-- since it was read is looked at as it is, but that who said yes to its charge needs no reminder of it (changed as text: written
-- anew, its numbers would be rounded); one that has ended is not looked at.
local function lookAgain(subscriber, due, was)
  local field = 'sub:' .. was.serviceId
  local record = was.subscription
  if not isAsRead(subscriber, was) then
    record = redis.call('HGET', subscriber, field)
    local same = record and string.find(record, '"orderId":"' .. was.orderId .. '"', 1, true)
    if same and string.find(was.subscription, TOLD, 1, true) then
      record = string.gsub(record, UNTOLD, TOLD, 1)
    end
  end
  if record then
    redis.call('HSET', subscriber, field, record)
  end
  redis.call('ZADD', due, 'XX', was.lookAt, was.dueMember)
end

local step = cjson.decode(ARGV[1])
if heardBefore(KEYS[1], step) then
  return { 2 }
end
nowHeard(KEYS[1], step)
for field, value in pairs(step.choice) do
  redis.call('HSET', KEYS[2], field, value)
end
for _, was in ipairs(step.waited) do
  lookAgain(KEYS[2], KEYS[6], was)
end
tellHeard(KEYS[5], step, step.owe.id)
return { 1, oweMt(KEYS[4], KEYS[3], step.owe, step) }
