-- Deletes the head of an ended job, and its idempotency key unless a later job has used that too;
-- answers whether there was one. KEYS from 4: the jobs in each state.
local head, ended, idempotency, id = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local key = redis.call('HGET', head, 'key')
local use = key and redis.call('HGET', idempotency, key)
if use and string.match(use, '%S+$') == id then
  redis.call('HDEL', idempotency, key)
end
for i = 4, #KEYS do
  redis.call('ZREM', KEYS[i], id)
end
redis.call('ZREM', ended, id)
return redis.call('DEL', head)
