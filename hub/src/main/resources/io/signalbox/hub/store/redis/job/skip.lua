-- Skips waiting executions up to a place, at most `limit`; answers their number.
local id, last, limit = ARGV[1], ARGV[2], ARGV[3]
local part = jobPart(id, 1, KEYS[4])
-- The score of a waiting execution is its place.
local found = redis.call('ZRANGEBYSCORE', part.executions, 0, last, 'WITHSCORES', 'LIMIT', 0, limit)
for i = 1, #found, 2 do
  scoreExecution(part, found[i], found[i + 1], 'skipped')
end
if #found > 0 then
  countExecutions(part, 'waiting', 'skipped', #found / 2)
end
return #found / 2
