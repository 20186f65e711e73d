-- A node says that it is there; it learns which partitions it owns, and which nodes it takes over.
-- Answers {0} if its generation is over, else
-- {1, now, its partitions, nodes as name and entry in turn, nodes to take over}.
local nodes, leases, lost = KEYS[1], KEYS[2], KEYS[3]
local node, generation, info = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local partitions, silence, judges = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6] == '1'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local own = redis.call('HGET', nodes, node)
own = own and cjson.decode(own)
if not own or own.generation ~= generation then
  return {0}
end
own.beat, own.info = now, info
redis.call('HSET', nodes, node, cjson.encode(own))

-- Only a node that could beat itself for as long judges the silence of others.
local living, names, answer = {}, {}, {}
local all = redis.call('HGETALL', nodes)
for i = 1, #all, 2 do
  local name, entry = all[i], cjson.decode(all[i + 1])
  if judges and now - entry.beat > silence then
    redis.call('HDEL', nodes, name)
    redis.call('HSET', lost, name, cjson.encode({generation = entry.generation}))
  else
    living[name] = entry.generation
    table.insert(names, name)
    table.insert(answer, name)
    table.insert(answer, all[i + 1])
  end
end

-- A lost node is taken over by one node; by another if that one is lost as well.
local taken = {}
local gone = redis.call('HGETALL', lost)
for i = 1, #gone, 2 do
  local name, entry = gone[i], cjson.decode(gone[i + 1])
  if not entry.by or living[entry.by] ~= entry.as then
    entry.by, entry.as = node, generation
    redis.call('HSET', lost, name, cjson.encode(entry))
  end
  if entry.by == node then
    table.insert(taken, name)
  end
end

-- Each node owns its share of the partitions at most, so that a new one finds some free. The first
-- nodes by name have one more if the division leaves a rest.
table.sort(names)
local share, mine = math.floor(partitions / #names), {}
for rank = 1, partitions % #names do
  if names[rank] == node then
    share = share + 1
  end
end
for partition = 0, partitions - 1 do
  local holder = redis.call('HGET', leases, partition)
  local name, since
  if holder then
    name, since = string.match(holder, '^(.*) (%d+)$')
  end
  local held = name and living[name] == tonumber(since)
  local isMine = held and name == node
  if isMine and #mine == share then
    redis.call('HDEL', leases, partition)
  elseif isMine then
    table.insert(mine, partition)
  elseif not held and #mine < share then
    redis.call('HSET', leases, partition, node .. ' ' .. generation)
    table.insert(mine, partition)
  end
end
return {1, now, mine, answer, taken}
