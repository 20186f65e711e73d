-- The last version of a type, which may be its deletion; empty if there is none.
local types, versions = KEYS[1], KEYS[2]
local name = ARGV[1]

local last = redis.call('HGET', types, name)
return last and redis.call('HGET', versions, last .. ':' .. name) or ''
