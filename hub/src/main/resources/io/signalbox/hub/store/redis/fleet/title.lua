
-- Member of a device in `names`: the title by which lists are sorted, and its id. Lua only knows
-- lower case of ASCII, so the field s has what queries search if that is not enough: id, name, type
-- and labels on lines of their own.
local function titled(id, name, search)
  local title = string.lower(name or id)
  if name and search then
    title = search:match('^[^\n]*\n([^\n]*)')
  end
  return title .. '\0' .. id
end

-- Member of a device in `created`.
local function dated(id, created)
  return string.format('%015.0f', created) .. id
end
