-- What is due in a partition, for the node that holds or takes its lease: devices whose open string
-- is old and series with expired chunks. Answers the counts of bytes and series to every node, and
-- whether the lease is its own.
local lease, opened, oldest, counters = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local node, millis, old, expired, most = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local bytes = tonumber(redis.call('HGET', counters, 'bytes') or 0)
local series = tonumber(redis.call('HGET', counters, 'series') or 0)
local holder = redis.call('GET', lease)
if holder and holder ~= node then
  return { bytes, series, 0, {}, {}, {} }
end
redis.call('SET', lease, node, 'PX', millis)
return {
  bytes,
  series,
  1,
  redis.call('ZRANGE', opened, '-inf', '(' .. old, 'BYSCORE', 'LIMIT', 0, most),
  redis.call('ZRANGE', oldest, '-inf', '(' .. expired, 'BYSCORE', 'LIMIT', 0, most),
  redis.call('ZRANGE', oldest, 0, 0, 'WITHSCORES'),
}
