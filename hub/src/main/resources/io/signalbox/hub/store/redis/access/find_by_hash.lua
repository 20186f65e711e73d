-- The id, the entry and the last use of the key with a hash; an empty list for none.
local entries, hashes, uses = KEYS[1], KEYS[2], KEYS[3]
local hash = ARGV[1]

local id = redis.call('HGET', hashes, hash)
if not id then
  return {}
end
return {id, redis.call('HGET', entries, id), redis.call('HGET', uses, id) or ''}
