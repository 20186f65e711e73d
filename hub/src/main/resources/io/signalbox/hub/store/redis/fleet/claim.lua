-- Creates the present session of a device, over any other or only if there is none ('absent').
-- Answers 'unknown', 'disabled', or 'claimed' with the epoch and the fields of the session before;
-- those are of one session if a present one was left as it is.
local device, session, epochs, present = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, node, transport, address, since = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local partition, partitions, over = ARGV[6], ARGV[7], ARGV[8]

local enabled = redis.call('HGET', device, 'e')
if not enabled then
  return {'unknown'}
elseif enabled ~= '1' then
  return {'disabled'}
end
local before = redis.call('HMGET', session, 's', 'e', 'n', 't', 'a', 'i', 'c', 'x', 'k')
if over == 'absent' and before[1] and before[1] ~= 'offline' then
  return {'claimed', before[2], before}
end
if before[3] and before[3] ~= node then
  redis.call('ZREM', present, before[3] .. ' ' .. id)
end
-- The partition in the low digits makes epochs unique over all partitions.
local epoch = string.format('%.0f', redis.call('INCR', epochs) * partitions + partition)
redis.call('DEL', session)
redis.call('HSET', session, 's', 'online', 'e', epoch, 'n', node, 't', transport, 'a', address,
  'i', since)
redis.call('ZADD', present, 0, node .. ' ' .. id)
return {'claimed', epoch, before}
