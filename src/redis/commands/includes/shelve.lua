-- Lists an order in its subscriber's record by the kind of its state: pend, fly, park, late, or nowhere. What flies may come to be
-- given, so it is not ordered again meanwhile.
local LATELY = 86400000

local function forgetLate(subscriber, now)
  local fields = redis.call('HGETALL', subscriber)
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 5) == 'late:' then
      local at = tonumber(string.match(fields[i + 1], '^%d+')) or 0
      if at + LATELY <= now then
        redis.call('HDEL', subscriber, fields[i])
      end
    end
  end
end

-- One that was not listed before.
local function shelveNew(subscriber, id, shelf, serviceId, now)
  if shelf == 'late' then
    forgetLate(subscriber, tonumber(now))
    redis.call('HSET', subscriber, 'late:' .. id, string.format('%.0f %s', now, serviceId))
  elseif shelf ~= '' then
    redis.call('HSET', subscriber, shelf .. ':' .. id, serviceId)
  end
end

-- A person may place what is disputed, unless it was stopped, or was given before.
local function shelfOf(order, to)
  if to.shelf ~= 'park' then
    return to.shelf
  end
  local over = redis.call('HMGET', order, 'stopRequested', 'givenEarly', 'refundAsked')
  return (over[1] or over[2] or over[3]) and 'park' or 'fly'
end

local function shelve(subscriber, id, shelf, serviceId, now)
  redis.call('HDEL', subscriber, 'pend:' .. id, 'fly:' .. id, 'park:' .. id)
  shelveNew(subscriber, id, shelf, serviceId, now)
end
