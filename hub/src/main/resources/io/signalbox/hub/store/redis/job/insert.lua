-- Inserts waiting executions into a part of a job that is being kept.
-- ARGV from 2: the place and the id of each device.
local id, waiting = ARGV[1], KEYS[4]
local part = jobPart(id, 1, waiting)
local devices = {unpack(ARGV, 2)}
redis.call('ZADD', part.executions, unpack(devices))
redis.call('HINCRBY', part.counts, 'waiting', #devices / 2)
redis.call('HINCRBY', waiting, '', 1)
redis.call('HSET', waiting, id, '')
return 1
