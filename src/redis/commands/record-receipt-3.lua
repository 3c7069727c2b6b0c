--[[
  A final receipt closes one part of an accepted text.
  KEYS: 1 text  2 outbox  3 receipt key
  ARGV: 1 JSON step: id, part (message id), receipt {state, error}, settledTtl, now
  Returns: {1} noted; {2, text fields} the text is undelivered, told again for each receipt of a part that failed
]]
--- @include "settle-part"

local step = cjson.decode(ARGV[1])
settlePart(KEYS[1], KEYS[2], step.id, step.part, step.receipt, step)
if step.receipt.state == 'delivered' or redis.call('HGET', KEYS[1], 'state') ~= 'undelivered' then
  redis.call('DEL', KEYS[3])
  return { 1 }
end
redis.call('PEXPIRE', KEYS[3], step.settledTtl)
return { 2, redis.call('HGETALL', KEYS[1]) }
