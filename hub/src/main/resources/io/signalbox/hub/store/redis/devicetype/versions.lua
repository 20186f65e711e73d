-- The number of kept versions of a type, and the next ones before a number, newest first.
local types, versions = KEYS[1], KEYS[2]
local name, before, limit, kept = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local last = tonumber(redis.call('HGET', types, name) or 0)
local newest = math.min(last, before - 1)
local page = {math.min(last, kept)}
for v = newest, math.max(newest - limit + 1, last - kept + 1, 1), -1 do
  page[#page + 1] = redis.call('HGET', versions, v .. ':' .. name)
end
return page
