-- Moves the head of a device's open string to chunks and tails. Answers 1, or 0 if the string does
-- not begin any more as it was read: then nothing changes.
local open, series, tails, bodies = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local opened, oldest, counters = KEYS[5], KEYS[6], KEYS[7]
local token, length, now, device = struct.pack('>I8', tonumber(ARGV[1])), tonumber(ARGV[2]), ARGV[3], ARGV[4]
local id, overhead = ARGV[5], tonumber(ARGV[6])

if redis.call('GETRANGE', open, 0, 7) ~= token or redis.call('STRLEN', open) < length then
  return 0
end

local bytes = 0

local function tail(field, body)
  bytes = bytes + #body - redis.call('HSTRLEN', tails, field)
  if body == '' then
    redis.call('HDEL', tails, field)
  else
    redis.call('HSET', tails, field, body)
  end
end

-- Adds chunks to a layer; answers the position after them.
local function chunks(layer, at)
  local after = at + 1 + 3 * tonumber(ARGV[at])
  for c = at + 1, after - 1, 3 do
    local last, head, body = ARGV[c], ARGV[c + 1], ARGV[c + 2]
    redis.call('ZADD', layer, last, head)
    redis.call('HSET', bodies, string.sub(head, 1, 6), body)
    bytes = bytes + #head + #body + overhead
  end
  return after
end

local at = 7
for k = 8, #KEYS, 2 do
  local metric, state, count, since = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local known = redis.call('HSET', series, 's' .. metric, state)
  redis.call('HINCRBY', counters, 'series', known)
  redis.call('HINCRBY', series, 'n' .. metric, count)
  redis.call('ZADD', oldest, 'LT', since, device .. '/' .. metric)
  tail('m' .. metric, ARGV[at + 4])
  tail('l' .. metric, ARGV[at + 5])
  at = chunks(KEYS[k], at + 6)
  at = chunks(KEYS[k + 1], at)
end
redis.call('HSET', series, 'i', id)
redis.call('HINCRBY', series, 'b', bytes)
redis.call('HINCRBY', counters, 'bytes', bytes)

local rest = redis.call('GETRANGE', open, length, -1)
if rest == '' then
  redis.call('DEL', open)
  redis.call('ZREM', opened, device)
else
  local next = struct.pack('>I8', redis.call('HINCRBY', counters, 'token', 1))
  redis.call('SET', open, next .. rest)
  redis.call('ZADD', opened, now, device)
end
return 1
