-- Scans an index of devices for those that a query asks for; the keys of the devices and their
-- sessions have the hash tag of the index. Answers the member after which the scan continues, empty
-- at the end; the number of matches; and the first matches. counting: '1' to count all matches.
local index = KEYS[1]
local devices, sessions, sort, query = ARGV[1], ARGV[2], ARGV[3], cjson.decode(ARGV[4])
local descending, from, counting = ARGV[5] == '1', ARGV[6], ARGV[7] == '1'
local most_scanned, most_taken = tonumber(ARGV[8]), tonumber(ARGV[9])

local function labelLines(labels)
  if labels:find('\\', 1, true) then
    local lines = {}
    for key, value in pairs(cjson.decode(labels)) do
      lines[#lines + 1] = key .. ':' .. value
    end
    return table.concat(lines, '\n')
  end
  -- Without escapes quotation marks are only around keys and values.
  return (labels:sub(3, -3):gsub('":"', ':'):gsub('","', '\n'))
end

-- A word without the marks of JSON is found in a JSON object as in its lines.
local plain = true
for _, word in ipairs(query.words) do
  plain = plain and not word:find('[{":,}\\]')
end

local function contains(text, parts)
  for _, part in ipairs(parts) do
    if not text:find(part, 1, true) then
      return false
    end
  end
  return true
end

local function hasWords(id)
  local name, type, labels, search = unpack(redis.call('HMGET', devices .. id, 'n', 't', 'l', 's'))
  if not labels then
    return false
  end
  return contains(search or string.lower(id .. '\n' .. (name or '') .. '\n' .. (type or '') .. '\n'
    .. (plain and labels or labelLines(labels))), query.words)
end

local function matches(id)
  return (not query.type or redis.call('HGET', devices .. id, 't') == query.type)
    and (#query.labels == 0
      or contains(redis.call('HGET', devices .. id, 'l') or '', query.labels))
    and (#query.words == 0 or hasWords(id))
    and (not query.state
      or (redis.call('HGET', sessions .. id, 's') or 'offline') == query.state)
end

local function idOf(member)
  if sort == 'NAME' then
    return member:match('%z([^%z]*)$')
  end
  return sort == 'CREATED' and member:sub(16) or member
end

local members
if descending then
  members = redis.call('ZRANGE', index, from, '-', 'BYLEX', 'REV', 'LIMIT', 0, most_scanned)
else
  members = redis.call('ZRANGE', index, from, '+', 'BYLEX', 'LIMIT', 0, most_scanned)
end
local found, matched = {}, 0
for i, member in ipairs(members) do
  if matches(idOf(member)) then
    matched = matched + 1
    if matched <= most_taken then
      found[matched] = member
    end
    if matched >= most_taken and not counting then
      return {'', matched, unpack(found)}
    end
  end
end
local continued = #members == most_scanned and members[#members] or ''
return {continued, matched, unpack(found)}
