--[[
  The money of a placed order goes back: asked for by a person, or because its provider refused it afterwards. Once: a later
  call finds the order moved. The sweeper sends the refund (E6).
  KEYS: 1 order  2 subscriber  3 wake  4 outbox  5 census
  ARGV: 1 JSON step: id, from [states], to (a target as in move-order), asked (who and why, as JSON), told (the kind of text
          that it will owe), now
  Returns: {1, state} asked
           {2, state} not placed; '' when it does not exist
]]
--- @include "contains"
--- @include "move-order"

local step = cjson.decode(ARGV[1])
local state = redis.call('HGET', KEYS[1], 'state')
if not contains(step.from, state) then
  return { 2, state or '' }
end
redis.call('HSET', KEYS[1], 'refundAsked', step.asked, 'refundText', step.told, 'waits', 0)
local k = { order = KEYS[1], subscriber = KEYS[2], wake = KEYS[3], outbox = KEYS[4], census = KEYS[5] }
moveOrder(k, step.id, step.to, 'refund', step.now)
redis.call('ZADD', KEYS[3], step.now, 'o:' .. step.id)
return { 1, step.to.state }
