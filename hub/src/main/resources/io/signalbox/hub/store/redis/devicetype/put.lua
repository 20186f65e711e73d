-- Adds a version of a type, which may be its deletion, if the last one is still the one before it.
-- Forgets the oldest version, and after a deletion the type that was deleted first.
local types, names, versions, deleted, stream = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local name, version, text, defined = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local mostTypes, keptVersions, keptDeleted = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local most, node, event = ARGV[8], ARGV[9], ARGV[10]

if (redis.call('HGET', types, name) or 0) + 1 ~= tonumber(version) then
  return 'stale'
end
if defined == '1' then
  if not redis.call('ZSCORE', names, name) and redis.call('ZCARD', names) >= mostTypes then
    return 'full'
  end
  redis.call('ZADD', names, 0, name)
  redis.call('ZREM', deleted, name)
else
  local newest = redis.call('ZRANGE', deleted, -1, -1, 'WITHSCORES')
  redis.call('ZREM', names, name)
  redis.call('ZADD', deleted, (newest[2] or 0) + 1, name)
end
redis.call('HSET', types, name, version)
redis.call('HSET', versions, version .. ':' .. name, text)
redis.call('HDEL', versions, (version - keptVersions) .. ':' .. name)

if redis.call('ZCARD', deleted) > keptDeleted then
  local oldest = redis.call('ZPOPMIN', deleted)[1]
  local last = tonumber(redis.call('HGET', types, oldest))
  for v = math.max(last - keptVersions + 1, 1), last do
    redis.call('HDEL', versions, v .. ':' .. oldest)
  end
  redis.call('HDEL', types, oldest)
end
publish(stream, most, node, event)
return 'stored'
