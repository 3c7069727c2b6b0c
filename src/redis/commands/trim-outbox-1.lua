--[[
  Drops the entries that every group has acknowledged, and consumers that ended long ago owing nothing (E24).
  KEYS: 1 outbox
  ARGV: 1 JSON step: groups [names that must exist, else nothing is dropped], forgetIdle (ms)
  Returns: the number dropped
]]
local step = cjson.decode(ARGV[1])

local function fieldsOf(flat)
  local fields = {}
  for i = 1, #flat, 2 do
    fields[flat[i]] = flat[i + 1]
  end
  return fields
end

local function split(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end

local function before(a, b)
  local aMs, aSeq = split(a)
  local bMs, bSeq = split(b)
  return aMs < bMs or (aMs == bMs and aSeq < bSeq)
end

-- The first id that the group may still need.
local function needs(group)
  if group['pending'] > 0 then
    return redis.call('XPENDING', KEYS[1], group['name'])[2]
  end
  local ms, seq = string.match(group['last-delivered-id'], '^(%d+)-(%d+)$')
  return ms .. '-' .. string.format('%.0f', tonumber(seq) + 1)
end

local function forget(group)
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], group['name'])) do
    local consumer = fieldsOf(flat)
    if consumer['pending'] == 0 and consumer['idle'] > step.forgetIdle then
      redis.call('XGROUP', 'DELCONSUMER', KEYS[1], group['name'], consumer['name'])
    end
  end
end

if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
local found = {}
local lowest = nil
for _, flat in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = fieldsOf(flat)
  found[group['name']] = true
  forget(group)
  local need = needs(group)
  if lowest == nil or before(need, lowest) then
    lowest = need
  end
end
for _, name in ipairs(step.groups) do
  if not found[name] then
    return 0
  end
end
if lowest == nil then
  return 0
end
return redis.call('XTRIM', KEYS[1], 'MINID', lowest)
