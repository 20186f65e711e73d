-- The number of defined types, and the next ones by name.
local types, names, versions = KEYS[1], KEYS[2], KEYS[3]
local from, limit = ARGV[1], ARGV[2]

local page = {redis.call('ZCARD', names)}
for _, name in ipairs(redis.call('ZRANGE', names, from, '+', 'BYLEX', 'LIMIT', 0, limit)) do
  local last = redis.call('HGET', types, name)
  page[#page + 1] = redis.call('HGET', versions, last .. ':' .. name)
end
return page
