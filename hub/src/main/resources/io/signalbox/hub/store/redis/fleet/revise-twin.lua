-- Replaces a twin and adds its changes to the logs, if it still has the version that was read.
-- Answers 'unknown', 'stale' or 'revised'.
local device, twin, desired, reported, stream = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local created, tag, text, most_entries, node, events = unpack(ARGV, 1, 6)
local wish, report, kept = ARGV[7], ARGV[8], ARGV[9] -- entries of the logs, empty for none

local function log(key, entry)
  if entry ~= '' then
    redis.call('LPUSH', key, entry)
    redis.call('LTRIM', key, 0, kept - 1)
  end
end

local registered = redis.call('HGET', device, 'c')
if not registered then
  return 'unknown'
end
local present = redis.call('GETRANGE', twin, 0, #tag) -- the tag and the end of its line
if present == '' then
  present = '0-0\n'
end
-- A twin of another device with this id may have the same versions.
if registered ~= created or present ~= tag .. '\n' then
  return 'stale'
end
redis.call('SET', twin, text)
log(desired, wish)
log(reported, report)
publish(stream, most_entries, node, events)
return 'revised'
