-- Replaces the key of a device by one that is reserved for it, if the device still has the labels
-- that are in the events. Answers 'unknown', 'stale', 'late', or 'rekeyed' with the key before.
local device, stream = KEYS[1], KEYS[2]
local labels, key, reserved, usable = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local most_entries, node, events = ARGV[5], ARGV[6], ARGV[7]

local present = redis.call('HMGET', device, 'k', 'l')
if not present[1] then
  return {'unknown'}
elseif isLate(reserved, usable) then
  return {'late'}
elseif present[2] ~= labels then
  return {'stale'}
end
redis.call('HSET', device, 'k', key .. ' ' .. reserved)
publish(stream, most_entries, node, events)
return {'rekeyed', present[1]}
