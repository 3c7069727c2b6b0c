-- One outbox entry: what it is about in one text, its words apart by spaces, and what came or went beside it, for evidence alone;
-- never a code or a number (E15, E19). Nothing that names, states or causes holds a space, and one text costs an order less than
-- nine fields do, here and wherever it is read: type id state from cause serviceId providerId since at.
local function tell(outbox, entry)
  local about = table.concat({ entry.type, entry.id, entry.state, entry.from or '', entry.cause, entry.serviceId or '',
    entry.providerId or '', entry.since or 0, entry.at }, ' ')
  local fields = { 'about', about }
  for _, name in ipairs({ 'heard', 'who', 'last', 'fallback', 'said' }) do
    if entry[name] then
      fields[#fields + 1] = name
      fields[#fields + 1] = entry[name]
    end
  end
  redis.call('XADD', outbox, '*', unpack(fields))
end

-- The same of an order and of a text, without a table: the steps of every order say most. `...`: fields besides.
local function tellOrder(outbox, id, state, from, cause, serviceId, providerId, at, ...)
  redis.call('XADD', outbox, '*', 'about', 'order ' .. id .. ' ' .. state .. ' ' .. from .. ' ' .. cause .. ' ' .. serviceId
    .. ' ' .. providerId .. ' 0 ' .. at, ...)
end

local function tellText(outbox, id, state, from, cause, at, ...)
  redis.call('XADD', outbox, '*', 'about', 'mt ' .. id .. ' ' .. state .. ' ' .. from .. ' ' .. cause .. '   0 ' .. at, ...)
end
