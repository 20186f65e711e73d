-- Registers a device with a key that is reserved for it. Answers an Insertion, or 'kept' if the id
-- is taken by a device with this key, or 'late' if the reservation is too old.
local device, devices, names, created, deletions = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local revisions, stream = KEYS[6], KEYS[7]
local id, key, reserved, usable, at = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local title, most_entries, node, events = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local fields = 10

local held = redis.call('HGET', device, 'k')
if held then
  return held:match('^%S+') == key and 'kept' or 'ID_TAKEN'
elseif redis.call('ZSCORE', deletions, id) then
  return 'BEING_DELETED'
elseif isLate(reserved, usable) then
  return 'late'
end
redis.call('HSET', device, 'k', key .. ' ' .. reserved, 'c', at,
  'r', redis.call('GET', revisions) or '0', unpack(ARGV, fields))
redis.call('ZADD', devices, 0, id)
redis.call('ZADD', names, 0, title)
redis.call('ZADD', created, 0, dated(id, at))
publish(stream, most_entries, node, events)
return 'DONE'
