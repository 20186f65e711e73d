-- Stores a key under its id and its hash; as the first key only if none allows to administer.
local entries, hashes, uses, admins, stream = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, hash, entry, used, admin, first = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local most, node, event = ARGV[7], ARGV[8], ARGV[9]

if first == '1' and redis.call('SCARD', admins) > 0 then
  return 'exists'
end
local owner = redis.call('HGET', hashes, hash)
if owner and owner ~= id then
  return 'duplicate'
end
local old = redis.call('HGET', entries, id)
if old then
  redis.call('HDEL', hashes, cjson.decode(old).h)
end
redis.call('HSET', entries, id, entry)
redis.call('HSET', hashes, hash, id)
if used == '' then
  redis.call('HDEL', uses, id)
else
  redis.call('HSET', uses, id, used)
end
redis.call(admin == '1' and 'SADD' or 'SREM', admins, id)
publish(stream, most, node, event)
return 'stored'
