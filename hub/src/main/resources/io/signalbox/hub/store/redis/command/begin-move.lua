-- Records the devices whose deadlines a step of the clock is to move, once for each step.
-- Result: the number of those that are left; 0 for a step before the last one.
local moved, moving, due = KEYS[1], KEYS[2], KEYS[3]
local number = tonumber(ARGV[1])

local last = tonumber(redis.call('GET', moved) or '0')
if last < number then
  redis.call('ZRANGESTORE', moving, due, 0, -1)
  redis.call('SET', moved, number)
elseif last > number then
  return 0
end
return redis.call('ZCARD', moving)
