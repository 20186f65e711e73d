-- What a lost node held is taken over.
local lost = KEYS[1]
local name, node, generation = ARGV[1], ARGV[2], tonumber(ARGV[3])

local entry = redis.call('HGET', lost, name)
entry = entry and cjson.decode(entry)
if entry and entry.by == node and entry.as == generation then
  redis.call('HDEL', lost, name)
end
return 1
