-- The oldest deletions with at least this score: each device and its score.
local deletions, least, limit = KEYS[1], ARGV[1], ARGV[2]

return redis.call('ZRANGE', deletions, least, '+inf', 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES')
