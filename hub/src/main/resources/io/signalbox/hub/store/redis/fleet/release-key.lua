-- Removes this reservation of a key.
local key, reservation = KEYS[1], ARGV[1]

if redis.call('GET', key) == reservation then
  redis.call('DEL', key)
end
return 'released'
