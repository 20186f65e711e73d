-- Inserts waiting executions into a part of a job that is being kept.
local waiting, id, first = KEYS[4], ARGV[1], 2
local part = jobPart(id, 1, waiting)
-- ARGV from 2: the place and the id of each device.
local scored = {}
for i = first, #ARGV do
  scored[#scored + 1] = ARGV[i]
end
redis.call('ZADD', part.executions, unpack(scored))
redis.call('HINCRBY', part.counts, 'waiting', #scored / 2)
redis.call('HINCRBY', waiting, '', 1)
redis.call('HSET', waiting, id, '')
return #scored / 2
