-- Deletes a key, unless no key would be left that allows to administer.
local entries, hashes, uses, admins, stream = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, most, node, event = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local entry = redis.call('HGET', entries, id)
if not entry then
  return 'unknown'
end
if redis.call('SCARD', admins) == redis.call('SISMEMBER', admins, id) then
  return 'last'
end
redis.call('HDEL', entries, id)
redis.call('HDEL', hashes, cjson.decode(entry).h)
redis.call('HDEL', uses, id)
redis.call('SREM', admins, id)
publish(stream, most, node, event)
return 'deleted'
