--[[
  A final receipt closes one part of an accepted text.
  KEYS: 1 text  2 outbox  3 receipt key
  ARGV: 1 JSON step: id, part (message id), receipt {state, error}, settledTtl, now
  Returns: 1
]]
--- @include "settle-part"

local step = cjson.decode(ARGV[1])
settlePart(KEYS[1], KEYS[2], step.id, step.part, step.receipt, step)
redis.call('DEL', KEYS[3])
return 1
