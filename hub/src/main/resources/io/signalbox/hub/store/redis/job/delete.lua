-- Deletes executions of a part, at most `limit`, and the part after the last of them; answers their
-- number.
local id, limit, waiting = ARGV[1], tonumber(ARGV[2]), KEYS[4]
local part = jobPart(id, 1, waiting)
local found = redis.call('ZRANGE', part.executions, 0, limit - 1, 'WITHSCORES')
for i = 1, #found, 2 do
  local _, place = executionAt(tonumber(found[i + 1]))
  redis.call('HDEL', part.outcomes, place)
end
if #found > 0 then
  redis.call('ZREMRANGEBYRANK', part.executions, 0, #found / 2 - 1)
end
if redis.call('EXISTS', part.executions) == 0 then
  redis.call('DEL', part.counts, part.outcomes)
  redis.call('HDEL', waiting, id)
end
return #found / 2
