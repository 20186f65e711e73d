-- Deletes a device and what it owns, and records the deletion. Answers 'unknown', or 'changed' if
-- the device has come to wait in a job that the caller does not know, or 'deleted' with the key.
local device, devices, names, created, deletions = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local revisions, session, present, description = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local described, stream, waiting = KEYS[10], KEYS[11], KEYS[12]
local owned, parts = 13, 13 + tonumber(ARGV[1])
local id, most_entries, node, events, insertions = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local jobs = 7

local held = redis.call('HMGET', device, 'k', 'n', 's', 'c', 'r')
if not held[1] then
  return {'unknown'}
elseif not knowsWaiting(waiting, insertions) then
  return {'changed'}
end
for _, part in ipairs(jobParts({unpack(ARGV, jobs)}, parts, waiting)) do
  refuseExecution(part, id, 'unknown-device', 'there is no device ' .. id)
end
local holder = redis.call('HGET', session, 'n')
if holder then
  redis.call('ZREM', present, holder .. ' ' .. id)
end
if redis.call('EXISTS', description) == 1 then
  redis.call('DECR', described)
end
redis.call('UNLINK', device, session, description, unpack(KEYS, owned, parts - 1))
redis.call('ZREM', devices, id)
redis.call('ZREM', names, titled(id, held[2], held[3]))
redis.call('ZREM', created, dated(id, held[4]))
-- No later device begins with a revision that this one has had.
local floor = tonumber(redis.call('GET', revisions) or 0)
redis.call('SET', revisions, string.format('%.0f', math.max(floor, tonumber(held[5])) + 1))
-- An even score: the deletion is not settled. Scores grow even if the clock was set back.
local score = 2 * micros()
local newest = redis.call('ZRANGE', deletions, -1, -1, 'WITHSCORES')[2]
if newest then
  score = math.max(score, newest - newest % 2 + 2)
end
redis.call('ZADD', deletions, string.format('%.0f', score), id)
publish(stream, most_entries, node, events)
return {'deleted', held[1]}
