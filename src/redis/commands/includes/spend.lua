-- What a subscriber spends in one currency, where a cap counts it: `spent:<currency>:day` and `:month` hold the span that ran
-- last and its sum, `agreed:<currency>` the month in which more was allowed. An order's mark is JSON: currency, minor, day,
-- month, caps [{span, cap}]; the span `agreed` counts by the month until the subscriber agreed to more.
local function spentIn(subscriber, mark, span)
  local kept = redis.call('HGET', subscriber, 'spent:' .. mark.currency .. ':' .. span) or ''
  local of, sum = string.match(kept, '^(%S+) (%d+)$')
  return of, tonumber(sum) or 0
end

-- The span of the first cap that the order would pass; nil where it passes none.
local function overCap(subscriber, mark)
  local agreed = redis.call('HGET', subscriber, 'agreed:' .. mark.currency) == mark.month
  for _, limit in ipairs(mark.caps) do
    local span = limit.span == 'agreed' and 'month' or limit.span
    local of, sum = spentIn(subscriber, mark, span)
    local with = mark.minor + (of == mark[span] and sum or 0)
    if with > limit.cap and not (limit.span == 'agreed' and agreed) then
      return limit.span
    end
  end
end

-- What belongs to a span that is over changes nothing any more.
local function addSpent(subscriber, mark, span, minor)
  local of, sum = spentIn(subscriber, mark, span)
  if of and of > mark[span] then
    return 0
  end
  local now = math.max(0, minor + (of == mark[span] and sum or 0))
  redis.call('HSET', subscriber, 'spent:' .. mark.currency .. ':' .. span, string.format('%s %.0f', mark[span], now))
  return now
end

-- An order counts while it holds its subscriber's money or may come to hold it; `spent` is the month's sum with it.
local function countSpend(order, subscriber, spend, to)
  local counted = redis.call('HEXISTS', order, 'spent') == 1
  if counted == (to.spends or false) then
    return
  end
  local mark = cjson.decode(spend)
  local minor = counted and -mark.minor or mark.minor
  addSpent(subscriber, mark, 'day', minor)
  local sum = addSpent(subscriber, mark, 'month', minor)
  if counted then
    redis.call('HDEL', order, 'spent')
  else
    redis.call('HSET', order, 'spent', string.format('%.0f', sum))
  end
end
