-- Ends those of some sessions that are online on a node. Answers the fields of each session after
-- that.
local present = KEYS[1] -- then the session of each device
local node, since, cause = ARGV[1], ARGV[2], ARGV[3] -- then the devices
local before = 3 -- arguments before the devices

local sessions = {}
for i = 2, #KEYS do
  local session = redis.call('HMGET', KEYS[i], 's', 'e', 'n', 't', 'a', 'i', 'c', 'x', 'k')
  if session[1] == 'online' and session[3] == node then
    redis.call('HSET', KEYS[i], 's', 'offline', 'i', since, 'c', cause)
    redis.call('ZREM', present, node .. ' ' .. ARGV[before + i - 1])
    session[1], session[6], session[7] = 'offline', since, cause
  end
  sessions[i - 1] = session
end
return sessions
