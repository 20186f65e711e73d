-- Deletes a device with its session, twin and description.
local present, described, devices, session, description = unpack(KEYS, 1, 5)
local id = ARGV[1]

local node = redis.call('HGET', session, 'n')
if node then
  redis.call('ZREM', present, node .. ' ' .. id)
end
if redis.call('EXISTS', description) == 1 then
  redis.call('DECR', described)
end
redis.call('ZREM', devices, id)
return redis.call('DEL', unpack(KEYS, 4))
