-- Ends those of some sessions that are online on a lost node, and gives its pollers to another.
-- Answers the fields of each session that this has changed, and an empty list for each other.
local present = KEYS[1] -- then the session of each device
local lost, since, cause, by = ARGV[1], ARGV[2], ARGV[3], ARGV[4] -- then the devices
local before = 4 -- arguments before the devices

local sessions = {}
for i = 2, #KEYS do
  local device = ARGV[before + i - 1]
  local session = redis.call('HMGET', KEYS[i], 's', 'e', 'n', 't', 'a', 'i', 'c', 'x', 'k')
  if session[1] == 'offline' or session[3] ~= lost then
    session = {}
  elseif session[1] == 'online' then
    redis.call('HSET', KEYS[i], 's', 'offline', 'i', since, 'c', cause)
    session[1], session[6], session[7] = 'offline', since, cause
  else
    redis.call('HSET', KEYS[i], 'n', by)
    redis.call('ZADD', present, 0, by .. ' ' .. device)
    session[3] = by
  end
  if session[1] then
    redis.call('ZREM', present, lost .. ' ' .. device)
  end
  sessions[i - 1] = session
end
return sessions
