-- Whether some step has recorded this MO (E12). Where only its words tell (E13), equal words are another MO once what they
-- answer is younger (`since`, epoch ms) than the first of them: a subscriber who was asked anew may answer alike.
local function heardBefore(dedupe, step)
  local first = redis.call('GET', dedupe)
  return first and not (step.since and step.since > (tonumber(first) or step.since))
end

-- What it records is when it was heard.
local function nowHeard(dedupe, step)
  redis.call('SET', dedupe, step.now, 'PX', step.dedupeWindow)
end
