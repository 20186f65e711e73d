-- Reads on in streams. Answers the time of this server, what is missing, the entries by stream, and
-- the epoch. All entries with an earlier time are in the streams when this reads them.

local most = ARGV[1]
local all = ARGV[2] -- '1': looks for what is missing in streams without new entries as well
local streams = #ARGV - 2 -- the other arguments are the entries that were read last
local epoch = KEYS[streams + 1] -- only with the global stream

local NOTHING, TRIMMED, BEHIND = 0, 1, 2

local function info(stream)
  local fields, named = redis.call('XINFO', 'STREAM', stream), {}
  for i = 1, #fields, 2 do
    named[fields[i]] = fields[i + 1]
  end
  return named
end

local function isBefore(id, other)
  local millis, sequence = id:match('(%d+)-(%d+)')
  local otherMillis, otherSequence = other:match('(%d+)-(%d+)')
  if millis == otherMillis then
    return tonumber(sequence) < tonumber(otherSequence)
  end
  return tonumber(millis) < tonumber(otherMillis)
end

-- The entry that was read last is still there, unless it was trimmed, with others perhaps, or the
-- stream is not the one that was read.
local function missing(stream, last)
  local exists = redis.call('EXISTS', stream) == 1
  if last == '0-0' then
    local now = exists and info(stream)
    return now and now['entries-added'] ~= now['length'] and TRIMMED or NOTHING
  end
  if not exists then
    return BEHIND
  end
  if #redis.call('XRANGE', stream, last, last) > 0 then
    return NOTHING
  end
  return isBefore(info(stream)['last-generated-id'], last) and BEHIND or TRIMMED
end

local time = redis.call('TIME')
local command = {'XREAD', 'COUNT', most, 'STREAMS'}
local last = {}
for i = 1, streams do
  command[#command + 1] = KEYS[i]
  last[KEYS[i]] = ARGV[i + 2]
end
for i = 3, #ARGV do
  command[#command + 1] = ARGV[i]
end
local found = redis.call(unpack(command)) or {}

local lost = NOTHING
if all == '1' then
  for stream, id in pairs(last) do
    lost = math.max(lost, missing(stream, id))
  end
else
  for _, read in ipairs(found) do
    lost = math.max(lost, missing(read[1], last[read[1]]))
  end
end
return {time[1], time[2], lost, found, epoch and redis.call('GET', epoch) or ''}
