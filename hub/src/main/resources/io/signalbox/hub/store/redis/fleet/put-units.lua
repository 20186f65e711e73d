-- Sets the units of some metrics of a registered device. Answers how many are new.
local device, units = KEYS[1], KEYS[2]

if redis.call('EXISTS', device) == 0 then
  return 0
end
local new = 0
for i = 1, #ARGV, 2 do
  new = new + redis.call('HSET', units, ARGV[i], ARGV[i + 1])
end
return new
