-- Changes a device if it is still as it was read. Answers 'unknown', 'stale' or 'updated'. A field
-- is '=VALUE', or empty if the device does not have it.
local device, names, stream = KEYS[1], KEYS[2], KEYS[3]
local most_entries, node, events, title_before, title = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local read, changed = 5, 10

local compared = {'e', 'c', 'n', 't', 'l'}
local present = redis.call('HMGET', device, unpack(compared))
if not present[1] then
  return 'unknown'
end
for i = 1, #compared do
  if (present[i] and '=' .. present[i] or '') ~= ARGV[read + i] then
    return 'stale'
  end
end
for i, field in ipairs({'e', 'n', 't', 'l', 's'}) do
  local value = ARGV[changed + i]
  if value == '' then
    redis.call('HDEL', device, field)
  else
    redis.call('HSET', device, field, value:sub(2))
  end
end
if title ~= title_before then
  redis.call('ZREM', names, title_before)
  redis.call('ZADD', names, 0, title)
end
publish(stream, most_entries, node, events)
return 'updated'
