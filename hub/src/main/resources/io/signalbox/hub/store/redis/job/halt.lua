-- Halts a running job. Answers whether its head was as it was read.
local head, running, halted = KEYS[1], KEYS[2], KEYS[3]
local id, version, state, reason = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local present = redis.call('HMGET', head, 'state', 'version')
if present[1] ~= 'running' or present[2] ~= version then
  return 0
end
redis.call('HSET', head, 'state', state, 'reason', reason)
redis.call('HINCRBY', head, 'version', 1)
redis.call('ZADD', halted, redis.call('ZSCORE', running, id), id)
redis.call('ZREM', running, id)
return 1
