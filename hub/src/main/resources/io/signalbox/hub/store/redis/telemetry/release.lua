-- Gives up the lease of a partition, if the node has it.
local lease = KEYS[1]
local node = ARGV[1]

if redis.call('GET', lease) == node then
  redis.call('DEL', lease)
end
return 1
