-- Counts series of devices of one partition that have no state yet. Answers the number of series.
local counters = KEYS[1]

local at = 1
for i = 2, #KEYS do
  for m = at + 1, at + tonumber(ARGV[at]) do
    redis.call('HINCRBY', counters, 'series', redis.call('HSETNX', KEYS[i], 's' .. ARGV[m], ''))
  end
  at = at + 1 + tonumber(ARGV[at])
end
return tonumber(redis.call('HGET', counters, 'series') or 0)
