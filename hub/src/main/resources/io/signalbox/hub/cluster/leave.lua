-- A node leaves: its partitions are free at once, and nobody takes it for lost.
local nodes, leases = KEYS[1], KEYS[2]
local node, generation, partitions = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local own = redis.call('HGET', nodes, node)
if not own or cjson.decode(own).generation ~= generation then
  return 0
end
for partition = 0, partitions - 1 do
  if redis.call('HGET', leases, partition) == node .. ' ' .. generation then
    redis.call('HDEL', leases, partition)
  end
end
redis.call('HDEL', nodes, node)
return 1
