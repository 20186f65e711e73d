-- Appends entries to the lists of their devices, the newest entry first. An entry that repeats one
-- of the newest is merged into it. An entry is a JSON array: HEAD (kind and code), the time of the
-- first occurrence, that of the last one as a difference, the count, TAIL. Entries with the same
-- HEAD are repetitions. KEYS are pairs: the registration of a device and its list.
local keep, among = tonumber(ARGV[1]), tonumber(ARGV[2])

-- The times and the count of an entry with that HEAD.
local function parse(item, head)
  local ts, difference, times = string.match(item, '^(%-?%d+),(%d+),(%d+)', #head + 1)
  return tonumber(ts), ts + difference, tonumber(times)
end

local function text(head, ts, last, times, tail)
  return head .. string.format('%.0f,%.0f,%.0f', ts, last - ts, times) .. tail
end

local function merged(list, again, head, ts, last, times, tail)
  for i, item in ipairs(redis.call('LRANGE', list, 0, among - 1)) do
    if string.sub(item, 1, #head) == head then
      local oldTs, oldLast, oldTimes = parse(item, head)
      if oldLast > ts - again then
        local both = text(
          head, math.min(ts, oldTs), math.max(last, oldLast), times + oldTimes, tail)
        redis.call('LSET', list, i - 1, both)
        return true
      end
    end
  end
  return false
end

for i = 3, #ARGV, 7 do
  local at, again, head = tonumber(ARGV[i]), tonumber(ARGV[i + 1]), ARGV[i + 2]
  local ts, last, times = tonumber(ARGV[i + 3]), tonumber(ARGV[i + 4]), tonumber(ARGV[i + 5])
  local tail = ARGV[i + 6]
  local device, list = KEYS[2 * at - 1], KEYS[2 * at]
  if redis.call('EXISTS', device) == 1
      and not merged(list, again, head, ts, last, times, tail) then
    if redis.call('LPUSH', list, text(head, ts, last, times, tail)) > keep then
      redis.call('LTRIM', list, 0, keep - 1)
    end
  end
end
return 'appended'
