-- What streams have: the time of this server, and of each stream its first entry, whether entries
-- before that were trimmed, and its last entry.

local time = redis.call('TIME')
local answer = {time[1], time[2]}
for _, stream in ipairs(KEYS) do
  local first, trimmed, last = '0-0', 0, '0-0'
  if redis.call('EXISTS', stream) == 1 then
    local entry = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
    first = entry and entry[1] or first
    local info = redis.call('XINFO', 'STREAM', stream)
    local number = {}
    for i = 1, #info, 2 do
      number[info[i]] = info[i + 1]
    end
    last = number['last-generated-id']
    trimmed = number['entries-added'] == number['length'] and 0 or 1
  end
  answer[#answer + 1] = {first, trimmed, last}
end
return answer
