-- One moment of several devices of one partition: for each the open string and the states and counts
-- of its series.
local result = {}
for k = 1, #KEYS, 2 do
  result[#result + 1] = redis.call('GET', KEYS[k])
  result[#result + 1] = redis.call('HGETALL', KEYS[k + 1])
end
return result
