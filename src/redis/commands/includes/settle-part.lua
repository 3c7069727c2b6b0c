--- @include "tell"

-- Notes the final state of one part of an accepted text. All delivered: delivered; one failed: undelivered.
-- A part that this text does not have (an earlier text of the same id had it) changes nothing.
-- receipt: { state, error }. keep: ms that a settled text is kept.
-- Returns the text's state; nil where it has no such part, or heard of it before.
local function settlePart(mt, outbox, id, part, receipt, now, keep)
  local was = redis.call('HMGET', mt, 'part:' .. part, 'open', 'state')
  if was[1] ~= 'sent' then
    return nil
  end
  local open = tonumber(was[2]) or 0
  local state = 'undelivered'
  if receipt.state == 'delivered' then
    open = open - 1
    state = open > 0 and was[3] or 'delivered'
  end
  if was[3] ~= 'accepted' or state == was[3] then
    redis.call('HSET', mt, 'part:' .. part, receipt.state, 'open', open, 'updatedAt', now)
    return was[3]
  end
  redis.call('HSET', mt, 'state', state, 'reason', receipt.error or '', 'part:' .. part, receipt.state, 'open', open,
    'updatedAt', now)
  redis.call('PEXPIRE', mt, keep)
  tellText(outbox, id, state, 'accepted', receipt.state, now)
  return state
end
