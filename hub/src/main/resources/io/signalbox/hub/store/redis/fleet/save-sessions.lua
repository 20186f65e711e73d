-- Stores the state of sessions that are the present ones of their devices. Answers for each
-- 'saved', 'older' if there is a newer session or this one has ended, or 'unknown' if there is none.
local present = KEYS[1] -- then the session of each device
local fields = 8 -- of each: device, epoch, state, since, address, cause, expected, contact

local outcomes = {}
for i = 2, #KEYS do
  local session, first = KEYS[i], (i - 2) * fields + 1
  local id, epoch, state, since, address, cause, expected, contact =
    unpack(ARGV, first, first + fields - 1)
  local held = redis.call('HMGET', session, 'e', 'n', 's')
  if not held[1] then
    outcomes[i - 1] = 'unknown'
  elseif held[1] ~= epoch or held[3] == 'offline' then
    outcomes[i - 1] = 'older'
  else
    redis.call('HDEL', session, 'c', 'x', 'k')
    redis.call('HSET', session, 's', state, 'i', since, 'a', address)
    if expected ~= '' then
      redis.call('HSET', session, 'x', expected, 'k', contact)
    end
    if state == 'offline' then
      redis.call('HSET', session, 'c', cause)
      redis.call('ZREM', present, held[2] .. ' ' .. id)
    else
      redis.call('ZADD', present, 0, held[2] .. ' ' .. id)
    end
    outcomes[i - 1] = 'saved'
  end
end
return outcomes
