--[[
  A final receipt closes one part of an accepted text.
  KEYS: 1 text  2 outbox  3 receipt key
  ARGV: 1 id  2 part (message id)  3 its state  4 error or ''  5 ms that a settled text is kept  6 now
  Returns: {1} noted; {2, text fields} the text is undelivered, told again for each receipt of a part that failed
]]
--- @include "settle-part"

settlePart(KEYS[1], KEYS[2], ARGV[1], ARGV[2], { state = ARGV[3], error = ARGV[4] }, ARGV[6], ARGV[5])
if ARGV[3] == 'delivered' or redis.call('HGET', KEYS[1], 'state') ~= 'undelivered' then
  redis.call('DEL', KEYS[3])
  return { 1 }
end
redis.call('PEXPIRE', KEYS[3], ARGV[5])
return { 2, redis.call('HGETALL', KEYS[1]) }
