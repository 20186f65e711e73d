-- Sets a new epoch of the feed, unless another node has set one already; answers the epoch.

local key = KEYS[1]
local known, fresh = ARGV[1], ARGV[2]

local epoch = redis.call('GET', key) or ''
if epoch == '' or epoch == known then
  redis.call('SET', key, fresh)
  return fresh
end
return epoch
