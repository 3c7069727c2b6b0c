--[[
  Takes a dead letter out of the view for good.
  KEYS: 1 text  2 outbox  3 dead letters
  ARGV: 1 text id  2 now
  Returns: 1 discarded, 0 not a dead letter
]]
--- @include "tell"

redis.call('ZREM', KEYS[3], ARGV[1])
if redis.call('HGET', KEYS[1], 'state') ~= 'dead' then
  return 0
end
redis.call('DEL', KEYS[1])
tell(KEYS[2], { type = 'mt', id = ARGV[1], state = 'discarded', from = 'dead', cause = 'hand', at = ARGV[2] })
return 1
