-- One moment of a series: open string, state, tails, the first chunks of the main layer and those of
-- the late layer that end at or after an instant, and the ends of the last chunks before it.
local open, series, tails, heads, late = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local metric, from, main_most, late_most = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local function before(layer)
  return redis.call('ZRANGE', layer, '(' .. from, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, 1)[1] or false
end

return {
  redis.call('GET', open),
  redis.call('HGET', series, 's' .. metric),
  redis.call('HGET', tails, 'm' .. metric),
  redis.call('HGET', tails, 'l' .. metric),
  redis.call('ZRANGE', heads, from, '+inf', 'BYSCORE', 'LIMIT', 0, main_most),
  redis.call('ZRANGE', late, from, '+inf', 'BYSCORE', 'LIMIT', 0, late_most),
  before(heads),
  before(late),
}
