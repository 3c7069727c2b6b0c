--[[
  Counts signals of one provider within one hour, each outbox entry once. An order by a subscriber who placed more than the
  burst limit within the hour counts as a burst too.
  KEYS: 1 counted entries by time  2 the provider's counts by signal and hour, and each signal's newest hour
        3 the hour's orders by subscriber
  ARGV: 1 JSON step: hour, keepHours, burst, entries [{id, signal, at, who or absent}], countedFor, burstFor (ms)
  Returns: the number counted
]]
local step = cjson.decode(ARGV[1])
local counted = 0
local newest = 0

-- Drops what no rule looks back to: for each hour that went by since the signal's newest one, the hour that it ended.
local function forget(signal)
  local last = tonumber(redis.call('HGET', KEYS[2], signal)) or step.hour - step.keepHours
  local old = {}
  for hour = last + 1, math.min(last + step.keepHours, step.hour) do
    old[#old + 1] = signal .. ':' .. (hour - step.keepHours)
  end
  if #old > 0 then
    redis.call('HDEL', KEYS[2], unpack(old))
    redis.call('HSET', KEYS[2], signal, step.hour)
  end
end

local function count(signal)
  if redis.call('HINCRBY', KEYS[2], signal .. ':' .. step.hour, 1) == 1 then
    forget(signal)
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
    newest = math.max(newest, entry.at)
  end
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', newest - step.countedFor))
return counted
