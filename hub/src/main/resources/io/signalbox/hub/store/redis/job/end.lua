-- Ends a job whose parts are sealed. Its head keeps their final counts, so that the parts are not
-- read any more.
local head, unfinished, ended, running, done = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
-- changes: number of changes of all parts. From 4: fields with the counts.
local id, now, changes = ARGV[1], ARGV[2], ARGV[3]

local state = redis.call('HGET', head, 'state')
if not state or redis.call('HEXISTS', head, 'ended') == 1 then
  return 0
end
redis.call('HSET', head, 'ended', now, unpack(ARGV, 4))
redis.call('HINCRBY', head, 'version', changes + 1)
if state == 'running' then
  redis.call('HSET', head, 'state', 'done')
  redis.call('ZADD', done, redis.call('ZSCORE', running, id), id)
  redis.call('ZREM', running, id)
end
redis.call('ZREM', unfinished, id)
redis.call('ZADD', ended, now, id)
return 1
