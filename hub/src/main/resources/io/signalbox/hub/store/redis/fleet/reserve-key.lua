-- Reserves a key for a device. A reservation is the device and the time, and becomes void if the
-- device does not get the key. Answers 'reserved' or, if a fresh reservation for the same device is
-- replaced, 'joined', with the time; or 'held' with the device, the reservation, and whether it is
-- fresh. void: a reservation that the caller knows to be void.
local key, device, void, lifetime = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])

local now = micros()
local outcome = 'reserved'
local held = redis.call('GET', key)
if held then
  local owner, since = held:match('^(%S+) (%d+)$')
  local fresh = now - since < lifetime
  if owner == device then
    outcome = fresh and 'joined' or outcome
  elseif fresh or held ~= void then
    return {'held', owner, held, fresh and '1' or '0'}
  end
  now = math.max(now, since + 1)
end
local time = string.format('%.0f', now)
redis.call('SET', key, device .. ' ' .. time)
return {outcome, time}
