-- Moves the deadlines of one device's unfinished commands by a step of the clock, if the device is
-- still to be moved by it. The commands are those of the queue as it was read.
-- Result: 1 if there is nothing left to do, 0 if the queue has changed since it was read.
local moved, moving, due, queue = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local number, device = ARGV[1], ARGV[2]
local from, to, made = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
-- Then the ids of the commands.
local FIRST_KEY, FIRST_ARG = 5, 6

if redis.call('GET', moved) ~= number or not redis.call('ZSCORE', moving, device) then
  return 1
end
local present = redis.call('ZRANGE', queue, 0, -1)
local known = {}
for at = FIRST_ARG, #ARGV do
  known[ARGV[at]] = KEYS[FIRST_KEY + at - FIRST_ARG]
end
for _, id in ipairs(present) do
  if not known[id] then
    return 0
  end
end

local function shifted(time, by)
  return time == '-' and time or string.format('%.0f', tonumber(time) + by)
end

for _, id in ipairs(present) do
  local line, text = readCommand(known[id], -1)
  local notBefore = tonumber(line.notBefore)
  if tonumber(line.created) <= made then
    if line.state == 'sent' then
      line.lease = shifted(line.lease, to - from)
    end
    if notBefore <= to then
      line.expires = shifted(line.expires, to - math.max(from, notBefore))
      if line.state == 'queued' then
        line.expected = shifted(line.expected, to - from)
      end
    end
    writeCommand(known[id], line, string.sub(text, string.find(text, '\n', 1, true) + 1))
    redis.call('ZADD', queue, line.expires, id)
  end
end
local first = redis.call('ZRANGE', queue, 0, 0, 'WITHSCORES')
if first[1] then
  redis.call('ZADD', due, first[2], device)
end
redis.call('ZREM', moving, device)
return 1
