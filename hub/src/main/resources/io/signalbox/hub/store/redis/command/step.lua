-- Records a step of the clock, unless another node has already recorded it. A step is known by the
-- sum of all steps: each node says which sum it has followed before this one.
-- Result: {'step', sum} or {'unfinished'} if an earlier step must be finished first.
local deadlines = KEYS[1]
local followed, from, to, made, least = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]),
  ARGV[4], tonumber(ARGV[5])

local function text(number)
  return string.format('%.0f', number)
end

local number, done, sum = unpack(redis.call('HMGET', deadlines, 'number', 'done', 'sum'))
sum = tonumber(sum or '0')
local by = followed + to - from - sum
if math.abs(by) < least then
  return {'step', text(sum)}
end
if number and number ~= done then
  return {'unfinished'}
end
sum = text(sum + by)
redis.call('HSET', deadlines, 'number', text(tonumber(number or '0') + 1), 'sum', sum,
  'from', text(to - by), 'to', text(to), 'made', made)
return {'step', sum}
