-- Appends steps of a device's commands, all or none.
--
-- Result: {'appended', revision}, {'made', id, fingerprint}, {'conflict', revision},
-- {'unknown-device'} or {'changed', id of the command}.
local device, queue, list, tokens, tokenTimes = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local due, sent, ended, sequence = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local events, waiting = KEYS[10], KEYS[11]
local deviceId, revision, token, since, fingerprint = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local node, most, published = ARGV[6], ARGV[7], ARGV[8]
-- Then the commands. Keys of each: itself, the index of its state before and after, and for one of
-- a job: the job's commands, the devices with a command of a job without executions, and the part.
local FIRST_KEY, FIRST_ARG, ARGS = 12, 9, 12

-- 1. Checks; nothing is written before all have passed.
if token ~= '' then
  local used = redis.call('HGET', tokens, token)
  if used then
    local at, first, print = string.match(used, '^(%-?%d+) (%S+) (.*)$')
    if tonumber(at) >= tonumber(since) then
      return {'made', first, print}
    end
  end
end
local registered = redis.call('HGET', device, 'r')
local present = tonumber(registered or '0')
if present ~= tonumber(revision) then
  return {'conflict', present}
end

local steps, jobs, count = {}, {}, 0
local nextKey = FIRST_KEY
for at = FIRST_ARG, #ARGV, ARGS do
  local from, job = ARGV[at + 1], ARGV[at + 10]
  local step = {id = ARGV[at], new = from == '0', key = KEYS[nextKey], was = KEYS[nextKey + 1],
    is = KEYS[nextKey + 2], ended = ARGV[at + 9], rest = ARGV[at + 11]}
  step.line = {version = ARGV[at + 2], state = ARGV[at + 3], created = ARGV[at + 4],
    notBefore = ARGV[at + 5], expires = ARGV[at + 6], expected = ARGV[at + 7],
    lease = ARGV[at + 8]}
  nextKey = nextKey + 3
  local stored = readCommand(step.key, 199)
  if step.new and not registered then
    return {'unknown-device'}
  end
  if (stored and stored.version or '0') ~= from then
    return {'changed', step.id}
  end
  if job ~= '' then
    step.commands, step.devices = KEYS[nextKey], KEYS[nextKey + 1]
    step.part = jobPart(job, nextKey + 2, waiting)
    nextKey = nextKey + 5
    if step.new then
      step.unkept = not findExecution(step.part, deviceId)
      if jobs[job] or not takesCommand(step.part, deviceId)
        or step.unkept and redis.call('SISMEMBER', step.devices, deviceId) == 1 then
        return {'changed', step.id}
      end
      jobs[job] = true
    end
  end
  if not step.new then
    step.before = stored.state
    -- Not what the node has read: moveDeadlines may have changed it since.
    step.line.place, step.line.expires, step.line.token =
      stored.place, stored.expires, stored.token
  end
  count = count + 1
  steps[count] = step
end

-- 2. Places of new commands: microseconds, so that lists of all partitions can be merged.
local place
local function nextPlace()
  if not place then
    local time = redis.call('TIME')
    local last = tonumber(redis.call('GET', sequence) or '0')
    place = math.max(time[1] * 1000000 + time[2], last + 1)
  else
    place = place + 1
  end
  return string.format('%.0f', place)
end

-- 3. Changes.
local soonest, ends
for _, step in ipairs(steps) do
  local line, id = step.line, step.id
  if step.new then
    line.place = nextPlace()
    line.token = '-'
    redis.call('ZADD', list, line.place, id)
    if token ~= '' then
      line.token = cjson.encode(token)
      redis.call('HSET', tokens, token, line.created .. ' ' .. id .. ' ' .. fingerprint)
      redis.call('ZADD', tokenTimes, line.created, token)
    end
  end
  writeCommand(step.key, line, step.rest)
  if step.new or step.was ~= step.is then
    if not step.new then
      redis.call('ZREM', step.was, id)
    end
    redis.call('ZADD', step.is, line.place, id)
  end
  if line.state == 'sent' then
    redis.call('ZADD', sent, 0, deviceId .. ' ' .. id)
  elseif step.before == 'sent' then
    redis.call('ZREM', sent, deviceId .. ' ' .. id)
  end
  if step.ended ~= '' then
    redis.call('ZADD', ended, step.ended, id)
    if not step.new then
      redis.call('ZREM', queue, id)
      ends = true
    end
  elseif step.new then
    redis.call('ZADD', queue, line.expires, id)
    soonest = math.min(soonest or math.huge, tonumber(line.expires))
  end
  if step.part then
    if step.new then
      redis.call('ZADD', step.commands, line.place, id)
      if step.unkept then
        redis.call('SADD', step.devices, deviceId)
      end
    end
    moveExecution(step.part, deviceId, id, line.state)
  end
end
if place then
  redis.call('SET', sequence, string.format('%.0f', place))
end

-- 4. The device's earliest deadline.
if ends then
  local first = redis.call('ZRANGE', queue, 0, 0, 'WITHSCORES')
  if first[1] then
    redis.call('ZADD', due, first[2], deviceId)
  else
    redis.call('ZREM', due, deviceId)
  end
elseif soonest then
  redis.call('ZADD', due, 'LT', string.format('%.0f', soonest), deviceId)
end

-- 5. Idempotency keys that do not count any more, some with each new one.
if token ~= '' then
  local over = redis.call('ZRANGE', tokenTimes, '-inf', '(' .. since, 'BYSCORE', 'LIMIT', 0, 8)
  if over[1] then
    redis.call('HDEL', tokens, unpack(over))
    redis.call('ZREM', tokenTimes, unpack(over))
  end
end

if registered then
  present = redis.call('HINCRBY', device, 'r', 1)
end
publish(events, most, node, published)
return {'appended', present}
