-- Makes the head of a job whose parts are complete, if its idempotency key is unused. Answers 'made',
-- 'gone' if the job was given up meanwhile, or the earlier use of the key.
local head, running, unfinished = KEYS[1], KEYS[2], KEYS[3]
local places, incomplete, idempotency = KEYS[4], KEYS[5], KEYS[6]
-- use: what `idempotency` keeps for the key, '' without one. From 6: fields of the head.
local id, begun, key, since, use = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

if redis.call('ZSCORE', incomplete, id) ~= begun then
  return 'gone'
end
if use ~= '' then
  local earlier = redis.call('HGET', idempotency, key)
  if earlier and tonumber(string.match(earlier, '^%S+')) >= tonumber(since) then
    return earlier
  end
  redis.call('HSET', idempotency, key, use)
end
local place = redis.call('INCR', places)
redis.call('HSET', head, unpack(ARGV, 6))
redis.call('ZADD', running, place, id)
redis.call('ZADD', unfinished, place, id)
redis.call('ZREM', incomplete, id)
return 'made'
