--[[
  Counts signals of one provider within one hour, each outbox entry once. An order by a subscriber who placed more than the
  burst limit within the hour counts as a burst too. Of the signals in `daily` each subscriber counts once a day.
  KEYS: 1 counted entries by time  2 the provider's counts by signal and hour, and each signal's newest hour
        3 the hour's orders by subscriber  4.. the day's subscribers, one HyperLogLog for each of `daily`
  ARGV: 1 JSON step: hour, keepHours, burst, entries [{id, signal, at, who or absent}], daily [signals], countedFor, burstFor,
        dayFor (ms)
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

local function count(signal, times)
  if redis.call('HINCRBY', KEYS[2], signal .. ':' .. step.hour, times) == times then
    forget(signal)
  end
end

local today = {}
for index, signal in ipairs(step.daily) do
  today[signal] = { key = KEYS[3 + index], whos = {} }
end

for _, entry in ipairs(step.entries) do
  if redis.call('ZADD', KEYS[1], 'NX', entry.at, entry.id .. ':' .. entry.signal) == 1 then
    counted = counted + 1
    if entry.who and today[entry.signal] then
      table.insert(today[entry.signal].whos, entry.who)
    else
      count(entry.signal, 1)
    end
    if entry.signal == 'ordered' and entry.who then
      if redis.call('HINCRBY', KEYS[3], entry.who, 1) > step.burst then
        count('burst', 1)
      end
      redis.call('PEXPIRE', KEYS[3], step.burstFor)
    end
    newest = math.max(newest, entry.at)
  end
end
-- Whoever was there before adds nothing.
for signal, day in pairs(today) do
  if #day.whos > 0 then
    local before = redis.call('PFCOUNT', day.key)
    redis.call('PFADD', day.key, unpack(day.whos))
    redis.call('PEXPIRE', day.key, step.dayFor)
    local more = redis.call('PFCOUNT', day.key) - before
    if more > 0 then
      count(signal, more)
    end
  end
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', newest - step.countedFor))
return counted
