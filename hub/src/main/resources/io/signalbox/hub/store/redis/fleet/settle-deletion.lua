-- Marks a deletion as settled.
local deletions, id = KEYS[1], ARGV[1]

local score = tonumber(redis.call('ZSCORE', deletions, id) or 1)
if score % 2 == 0 then
  redis.call('ZADD', deletions, string.format('%.0f', score + 1), id)
end
return 'settled'
