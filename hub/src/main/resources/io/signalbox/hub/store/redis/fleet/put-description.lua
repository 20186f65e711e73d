-- Adds a version of a description, if the newest one and the device's labels are still those that
-- were read. Answers 'unknown', 'stale' or 'added'.
local device, description, described, stream = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local labels, version, entry, kept = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local most_entries, node, events = ARGV[5], ARGV[6], ARGV[7]

local present = redis.call('HGET', device, 'l')
if not present then
  return 'unknown'
end
local newest = redis.call('LINDEX', description, 0)
if present ~= labels or (newest and newest:match('^%d+') or '0') ~= version then
  return 'stale'
end
if not newest then
  redis.call('INCR', described)
end
redis.call('LPUSH', description, entry)
redis.call('LTRIM', description, 0, kept - 1)
publish(stream, most_entries, node, events)
return 'added'
