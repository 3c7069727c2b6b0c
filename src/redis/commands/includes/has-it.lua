-- Whether the subscriber has this recurring service, or an order for it is under way. Only the names of the fields are read
-- first: subscriptions are long.
local function hasIt(subscriber, serviceId)
  local sub = 'sub:' .. serviceId
  for _, field in ipairs(redis.call('HKEYS', subscriber)) do
    if field == sub or (string.sub(field, 1, 4) == 'fly:' and redis.call('HGET', subscriber, field) == serviceId) then
      return true
    end
  end
  return false
end
