-- One outbox entry about an order: ids only, never a text, a code or a number (E19).
local function tell(outbox, entry)
  redis.call('XADD', outbox, '*', 'type', entry.type, 'id', entry.id, 'state', entry.state, 'from', entry.from or '',
    'cause', entry.cause, 'serviceId', entry.serviceId or '', 'providerId', entry.providerId or '',
    'since', entry.since or 0, 'at', entry.at)
end
