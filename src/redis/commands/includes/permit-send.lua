-- Marks what is about to be sent: the first send of it, or one that comes after another that may have arrived. Only what its
-- holder handed back counts as never sent (E1, E2). Returns 1 where T must be set, 0 where not.
local function permitSend(order, what, stored, now)
  local unsent = redis.call('HGET', order, 'unsent')
  redis.call('HDEL', order, 'unsent', 'first')
  if stored and unsent ~= what then
    return 1
  end
  redis.call('HSET', order, 'first', what, 'sentFrom', now)
  return 0
end
