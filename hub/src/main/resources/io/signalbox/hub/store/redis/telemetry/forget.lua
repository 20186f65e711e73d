-- Deletes all readings of a device, of which the caller names the series. Answers 1, or 0 if the
-- device has other series as well: then nothing changes.
local open, series, tails, bodies = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local opened, oldest, counters = KEYS[5], KEYS[6], KEYS[7]
local device = ARGV[1]

local named = {}
for a = 2, #ARGV do
  named['s' .. ARGV[a]] = true
end
local found = 0
for _, field in ipairs(redis.call('HKEYS', series)) do
  if string.sub(field, 1, 1) == 's' then
    if not named[field] then
      return 0
    end
    found = found + 1
  end
end
for a = 2, #ARGV do
  redis.call('ZREM', oldest, device .. '/' .. ARGV[a])
end
redis.call('HINCRBY', counters, 'series', 0 - found)
redis.call('HINCRBY', counters, 'bytes', 0 - tonumber(redis.call('HGET', series, 'b') or 0))
redis.call('UNLINK', open, series, tails, bodies)
for k = 8, #KEYS do
  redis.call('UNLINK', KEYS[k])
end
redis.call('ZREM', opened, device)
return 1
