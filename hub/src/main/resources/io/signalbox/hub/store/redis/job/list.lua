-- The number of jobs in some states, then the first of them with their places, newest first.
-- KEYS: the jobs in each state.
local before, limit = ARGV[1], tonumber(ARGV[2])
local total, rows = 0, {}
for _, jobs in ipairs(KEYS) do
  total = total + redis.call('ZCARD', jobs)
  local found = redis.call('ZREVRANGEBYSCORE', jobs, '(' .. before, '-inf', 'WITHSCORES',
    'LIMIT', 0, limit)
  for i = 1, #found, 2 do
    rows[#rows + 1] = {found[i], tonumber(found[i + 1])}
  end
end
table.sort(rows, function(a, b) return a[2] > b[2] end)
local page = {total}
for i = 1, math.min(limit, #rows) do
  page[#page + 1] = rows[i][1]
  page[#page + 1] = rows[i][2]
end
return page
