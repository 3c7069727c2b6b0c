-- Stores an owed text and takes its lease until `ends`, so that the caller may send it inline. A text of the same id is
-- replaced, under a higher fence: whoever still holds the old one can neither release nor keep it. Returns the fence.
-- `...`: fields besides.
local function oweText(mt, wake, id, json, now, ends, owner, ...)
  local old = redis.call('HGET', mt, 'fence')
  if old then
    redis.call('DEL', mt)
  end
  local fence = (tonumber(old) or 0) + 1
  redis.call('HSET', mt, 'json', json, 'state', 'owed', 'fence', fence, 'waits', '0', 'updatedAt', now,
    'leaseUntil', ends, 'owner', owner, ...)
  redis.call('ZADD', wake, ends, 'm:' .. id)
  return fence
end

-- The same as steps in JSON say it.
local function oweMt(mt, wake, owe, step)
  local ends = step.now + step.leaseFor
  if owe.triesLeft then
    return oweText(mt, wake, owe.id, owe.json, step.now, ends, step.owner, 'triesLeft', owe.triesLeft)
  end
  return oweText(mt, wake, owe.id, owe.json, step.now, ends, step.owner)
end

-- Left to the next sweep.
local function oweLater(mt, wake, owe, step)
  oweMt(mt, wake, owe, { now = step.now, leaseFor = 0, owner = step.owner })
end
