-- Stores something of a device, and publishes the events of the change.

redis.call('INCR', KEYS[2])
publish(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
return 1
