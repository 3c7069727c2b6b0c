--- @include "tell"

-- Tells of an MO that moved no order, with the text that answers it.
local function tellHeard(outbox, step, mtId)
  if step.heard then
    tell(outbox, { type = 'mo', id = mtId, state = 'answered', cause = 'owe', heard = step.heard, at = step.now })
  end
end
