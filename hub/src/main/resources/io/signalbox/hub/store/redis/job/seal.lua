-- Seals a part of a job if it has no waiting execution and no unfinished command; answers whether it
-- is sealed. Nothing changes a sealed part, so all parts sealed are the end of the job.
local counts = KEYS[1]
for _, number in ipairs(redis.call('HMGET', counts, 'waiting', 'queued', 'sent', 'accepted')) do
  if number and tonumber(number) > 0 then
    return 0
  end
end
redis.call('HSET', counts, 's', 1)
return 1
