-- Deletes commands that have ended. Result: their number.
local ended = KEYS[1]
-- Of each command: itself, the index of its state, the list and the idempotency keys of its device,
-- the times of these, and the commands and devices of its job.
local FIRST_KEY, KEYS_EACH, FIRST_ARG, ARGS = 2, 7, 1, 3

local count = 0
local key = FIRST_KEY
for at = FIRST_ARG, #ARGV, ARGS do
  local id, device, token = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  if redis.call('ZREM', ended, id) == 1 then
    count = count + 1
    redis.call('DEL', KEYS[key])
    redis.call('ZREM', KEYS[key + 1], id)
    redis.call('ZREM', KEYS[key + 2], id)
    redis.call('ZREM', KEYS[key + 5], id)
    redis.call('SREM', KEYS[key + 6], device)
    local used = token ~= '' and redis.call('HGET', KEYS[key + 3], token)
    if used and string.find(used, ' ' .. id .. ' ', 1, true) then
      redis.call('HDEL', KEYS[key + 3], token)
      redis.call('ZREM', KEYS[key + 4], token)
    end
  end
  key = key + KEYS_EACH
end
return count
