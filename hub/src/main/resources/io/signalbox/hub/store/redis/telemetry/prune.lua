-- Deletes chunks of a series that end before an instant, and the series if nothing else is left of
-- it. Answers the numbers of deleted chunks, readings and bytes, and the oldest series that the
-- partition has then.
local heads, late, bodies, series = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local tails, oldest, counters, open = KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local metric, member, cutoff = ARGV[1], ARGV[2], tonumber(ARGV[3])
local most, overhead = ARGV[4], tonumber(ARGV[5])

local chunks, readings, bytes = 0, 0, 0

local function prune(layer)
  for _, head in ipairs(redis.call('ZRANGE', layer, '-inf', '(' .. ARGV[3], 'BYSCORE', 'LIMIT', 0, most)) do
    local id = string.sub(head, 1, 6)
    chunks = chunks + 1
    readings = readings + struct.unpack('<I4', head, 7)
    bytes = bytes + #head + redis.call('HSTRLEN', bodies, id) + overhead
    redis.call('HDEL', bodies, id)
    redis.call('ZREM', layer, head)
  end
end

prune(heads)
prune(late)

local state = redis.call('HGET', series, 's' .. metric)
local last, first = cutoff - 1, nil
if state and state ~= '' then
  last = struct.unpack('<i8', state)
end

-- The oldest of what is left: by the end of a chunk, and by its first reading.
local since = nil
local function left(layer, number)
  for i, head in ipairs(redis.call('ZRANGE', layer, 0, number - 1)) do
    local begin = struct.unpack('<i8', head, 11)
    first = math.min(first or begin, begin)
    if i == 1 then
      local score = tonumber(redis.call('ZSCORE', layer, head))
      since = math.min(since or score, score)
    end
  end
end
left(heads, 1)
left(late, 64)

if since == nil and last < cutoff then
  readings = tonumber(redis.call('HGET', series, 'n' .. metric) or 0)
  for _, field in ipairs({ 'm' .. metric, 'l' .. metric }) do
    bytes = bytes + redis.call('HSTRLEN', tails, field)
    redis.call('HDEL', tails, field)
  end
  redis.call('HDEL', series, 'n' .. metric)
  redis.call('HINCRBY', counters, 'series', 0 - redis.call('HDEL', series, 's' .. metric))
  redis.call('ZREM', oldest, member)
else
  for _, field in ipairs({ 'm' .. metric, 'l' .. metric }) do
    local tail = redis.call('HGET', tails, field)
    if tail then
      local begin = struct.unpack('<i8', tail)
      first = math.min(first or begin, begin)
    end
  end
  if state and state ~= '' and first then
    redis.call('HSET', series, 's' .. metric, string.sub(state, 1, 8) .. struct.pack('<i8', first) .. string.sub(state, 17))
  end
  redis.call('HINCRBY', series, 'n' .. metric, 0 - readings)
  redis.call('ZADD', oldest, since or last, member)
end
redis.call('HINCRBY', series, 'b', 0 - bytes)
redis.call('HINCRBY', counters, 'bytes', 0 - bytes)
-- A seal that has read the old state has to start again.
if redis.call('EXISTS', open) == 1 then
  redis.call('SETRANGE', open, 0, struct.pack('>I8', redis.call('HINCRBY', counters, 'token', 1)))
end
return { chunks, readings, bytes, redis.call('ZRANGE', oldest, 0, 0, 'WITHSCORES') }
