-- Executions of a part in some states after a place, in the order of their places: place, device,
-- state and outcome of each.
local part = jobPart('', 1, '')
local after, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local rows = {}
for i = 3, #ARGV do
  local state = ARGV[i]
  local first = EXECUTION_NUMBERS[state] * EXECUTION_PLACES
  local found = redis.call('ZRANGEBYSCORE', part.executions, '(' .. first + after,
    '(' .. first + EXECUTION_PLACES, 'WITHSCORES', 'LIMIT', 0, limit)
  for j = 1, #found, 2 do
    rows[#rows + 1] = {found[j + 1] - first, found[j], state}
  end
end
table.sort(rows, function(a, b) return a[1] < b[1] end)
local page = {}
for i = 1, math.min(limit, #rows) do
  local place, device, state = unpack(rows[i])
  page[#page + 1] = place
  page[#page + 1] = device
  page[#page + 1] = state
  page[#page + 1] = redis.call('HGET', part.outcomes, place) or ''
end
return page
