-- A node joins under a name that no living node has.
-- Answers its generation, or 0 and the age of the other's last beat in milliseconds.
local nodes, generations = KEYS[1], KEYS[2]
local node, silence, info = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local before = redis.call('HGET', nodes, node)
if before then
  local age = now - cjson.decode(before).beat
  if age <= silence then
    return {0, age}
  end
end
local generation = redis.call('INCR', generations)
local entry = {generation = generation, beat = now, joined = now, info = info}
redis.call('HSET', nodes, node, cjson.encode(entry))
return {generation, 0}
