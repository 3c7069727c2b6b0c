-- Stores an owed text and takes its lease, so that the caller may send it inline. A text of the same id is replaced,
-- under a higher fence: whoever still holds the old one can neither release nor keep it. Returns the fence.
local function oweMt(mt, wake, owe, step)
  local fence = (tonumber(redis.call('HGET', mt, 'fence')) or 0) + 1
  local fields = { 'json', owe.json, 'state', 'owed', 'fence', fence, 'waits', 0, 'updatedAt', step.now,
    'leaseUntil', step.now + step.leaseFor, 'owner', step.owner }
  if owe.triesLeft then
    fields[#fields + 1] = 'triesLeft'
    fields[#fields + 1] = owe.triesLeft
  end
  redis.call('DEL', mt)
  redis.call('HSET', mt, unpack(fields))
  redis.call('ZADD', wake, step.now + step.leaseFor, 'm:' .. owe.id)
  return fence
end
