--[[
  Moves a subscriber's USSD dialogue: one step per turn (E12). Whoever read an older version finds that another turn came first.
  KEYS: 1 dialogue  2 wake
  ARGV: 1 JSON step: before ("<id> <version>" that must be stored, "" for none), after (the same of the new record), json,
          ttl (ms), member (in the wake set), wakeAt or absent (nobody must look again)
  Returns: 1 moved, 0 another turn came first
]]
local step = cjson.decode(ARGV[1])
local held = redis.call('HGET', KEYS[1], 'at') or ''
if held ~= step.before then
  return 0
end
redis.call('HSET', KEYS[1], 'at', step.after, 'json', step.json, 'fence', step.version)
redis.call('PEXPIRE', KEYS[1], step.ttl)
if step.wakeAt then
  redis.call('ZADD', KEYS[2], step.wakeAt, step.member)
else
  redis.call('ZREM', KEYS[2], step.member)
end
return 1
