--[[
  Moves a provider from one band to another, once whoever sees it, and suspends the service that cost it most.
  KEYS: 1 standing
  ARGV: 1 band before or ''  2 band now  3 now  4 service to suspend or ''  5 until (epoch ms)
  Returns: 1 moved, 0 somebody else moved it
]]
if (redis.call('HGET', KEYS[1], 'band') or '') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'band', ARGV[2], 'since', ARGV[3])
if ARGV[4] ~= '' then
  redis.call('HSET', KEYS[1], 'svc:' .. ARGV[4], ARGV[5])
end
return 1
