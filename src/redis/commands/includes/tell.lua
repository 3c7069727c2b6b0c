-- One outbox entry: ids, and the words that came or went, for evidence alone; never a code or a number (E15, E19).
local function tell(outbox, entry)
  local fields = { 'type', entry.type, 'id', entry.id, 'state', entry.state, 'from', entry.from or '', 'cause', entry.cause,
    'serviceId', entry.serviceId or '', 'providerId', entry.providerId or '', 'since', entry.since or 0, 'at', entry.at }
  if entry.heard then
    fields[#fields + 1] = 'heard'
    fields[#fields + 1] = entry.heard
  end
  if entry.who then
    fields[#fields + 1] = 'who'
    fields[#fields + 1] = entry.who
  end
  if entry.last then
    fields[#fields + 1] = 'last'
    fields[#fields + 1] = entry.last
  end
  if entry.fallback then
    fields[#fields + 1] = 'fallback'
    fields[#fields + 1] = entry.fallback
  end
  if entry.said then
    fields[#fields + 1] = 'said'
    fields[#fields + 1] = entry.said
  end
  redis.call('XADD', outbox, '*', unpack(fields))
end

-- The same of an order and of a text, without a table: the steps of every order say most. `...`: fields besides.
local function tellOrder(outbox, id, state, from, cause, serviceId, providerId, at, ...)
  redis.call('XADD', outbox, '*', 'type', 'order', 'id', id, 'state', state, 'from', from, 'cause', cause,
    'serviceId', serviceId, 'providerId', providerId, 'since', '0', 'at', at, ...)
end

local function tellText(outbox, id, state, from, cause, at, ...)
  redis.call('XADD', outbox, '*', 'type', 'mt', 'id', id, 'state', state, 'from', from, 'cause', cause,
    'serviceId', '', 'providerId', '', 'since', '0', 'at', at, ...)
end
