-- The changes of a twin: whether the device is registered, the number of its changes, and the
-- entries of each log.
local device = KEYS[1] -- then the logs
local last = ARGV[1] -- index of the last entry that is wanted of each log, -1 for all

local answer = {redis.call('EXISTS', device), 0}
for i = 2, #KEYS do
  answer[2] = answer[2] + redis.call('LLEN', KEYS[i])
  answer[i + 1] = redis.call('LRANGE', KEYS[i], 0, last)
end
return answer
