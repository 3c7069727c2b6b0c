--- @include "tell"

-- Notes the final state of one part of an accepted text. All delivered: delivered; one failed: undelivered.
-- A part that this text does not have (an earlier text of the same id had it) changes nothing.
local function settlePart(mt, outbox, id, part, receipt, step)
  local field = 'part:' .. part
  if redis.call('HGET', mt, field) ~= 'sent' then
    return
  end
  redis.call('HSET', mt, field, receipt.state, 'updatedAt', step.now)
  local state = 'undelivered'
  if receipt.state == 'delivered' then
    if redis.call('HINCRBY', mt, 'open', -1) > 0 then
      return
    end
    state = 'delivered'
  end
  if redis.call('HGET', mt, 'state') ~= 'accepted' then
    return
  end
  redis.call('HSET', mt, 'state', state, 'reason', receipt.error or '')
  redis.call('PEXPIRE', mt, step.settledTtl)
  tell(outbox, { type = 'mt', id = id, state = state, from = 'accepted', cause = receipt.state, at = step.now })
end
