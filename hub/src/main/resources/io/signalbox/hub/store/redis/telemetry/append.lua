-- Appends entries to the open strings of devices of one partition, and publishes them.
-- Answers 2 * i for the i-th device (from 0) whose string is new, 2 * i + 1 if it is long enough
-- to be sealed.
local opened, counters, stream = KEYS[1], KEYS[2], KEYS[3]
local now, enough, skip = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local most, node, events = ARGV[4], ARGV[5], ARGV[6]

local told = {}
for i = 4, #KEYS do
  local entry = ARGV[i + 3]
  local length = redis.call('APPEND', KEYS[i], entry)
  if length == #entry then
    local token = struct.pack('>I8', redis.call('HINCRBY', counters, 'token', 1))
    redis.call('SET', KEYS[i], token .. entry)
    redis.call('ZADD', opened, now, string.sub(KEYS[i], skip))
    told[#told + 1] = 2 * (i - 4)
  elseif length >= enough then
    told[#told + 1] = 2 * (i - 4) + 1
  end
end
publish(stream, most, node, events)
return told
