-- Gives an incomplete job up, so that it never becomes complete; answers whether it is incomplete.
local incomplete, id = KEYS[1], ARGV[1]
if not redis.call('ZSCORE', incomplete, id) then
  return 0
end
redis.call('ZADD', incomplete, -1, id)
return 1
