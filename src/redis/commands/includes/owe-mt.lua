--- @include "lease"

-- Stores an owed text and takes its lease, so that the caller may send it inline. A text of the same id is replaced,
-- under a higher fence: whoever still holds the old one can neither release nor keep it. Returns the fence.
local function oweMt(mt, wake, owe, step)
  local fence = tonumber(redis.call('HGET', mt, 'fence')) or 0
  redis.call('DEL', mt)
  redis.call('HSET', mt, 'json', owe.json, 'state', 'owed', 'fence', fence, 'waits', 0, 'updatedAt', step.now)
  if owe.triesLeft then
    redis.call('HSET', mt, 'triesLeft', owe.triesLeft)
  end
  return lease(mt, wake, 'm:' .. owe.id, step)
end
