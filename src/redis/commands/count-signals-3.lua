--[[
  Counts signals of one provider within one hour, each outbox entry once. An order by a subscriber who placed more than the
  burst limit within the hour counts as a burst too.
  KEYS: 1 counted entries by time  2 the provider's counts by signal and hour  3 the hour's orders by subscriber
  ARGV: 1 JSON step: hour, keepHours, burst, entries [{id, signal, at, who or absent}], countedFor, burstFor (ms)
  Returns: the number counted
]]
local step = cjson.decode(ARGV[1])
local counted = 0

local function count(signal)
  local field = signal .. ':' .. step.hour
  if redis.call('HINCRBY', KEYS[2], field, 1) == 1 then
    redis.call('HDEL', KEYS[2], signal .. ':' .. string.format('%.0f', step.hour - step.keepHours))
  end
end

for _, entry in ipairs(step.entries) do
  if redis.call('ZADD', KEYS[1], 'NX', entry.at, entry.id .. ':' .. entry.signal) == 1 then
    counted = counted + 1
    count(entry.signal)
    if entry.signal == 'ordered' and entry.who then
      if redis.call('HINCRBY', KEYS[3], entry.who, 1) > step.burst then
        count('burst')
      end
      redis.call('PEXPIRE', KEYS[3], step.burstFor)
    end
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', entry.at - step.countedFor))
  end
end
return counted
