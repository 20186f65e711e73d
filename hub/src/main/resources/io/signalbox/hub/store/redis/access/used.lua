-- Notes when a key was used; a deleted one does not come back.
local entries, uses = KEYS[1], KEYS[2]
local id, at = ARGV[1], ARGV[2]

local exists = redis.call('HEXISTS', entries, id)
if exists == 1 then
  redis.call('HSET', uses, id, at)
end
return exists
