
-- Microseconds since 1970, which a number holds exactly.
local function micros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- Whether a reservation of a key, named by its time, is too old to be used: another device may be
-- about to take the key over.
local function isLate(reserved, usable)
  return micros() - reserved > tonumber(usable)
end
