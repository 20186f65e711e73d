-- Executions of jobs, for the scripts that change them.
--
-- A part of a job has the executions of its devices in one partition. It has three keys, which
-- JobParts.of names in this order:
--   job:JID         hash: number of executions by state; v: number of changes; s: 1 once sealed
--   executions:JID  sorted set of devices; score = number of the state * PLACES + place in the job
--   outcomes:JID    hash by place: id of the command or, in state refused, 'CODE TEXT'
-- The partition has one key, JobParts.waiting:
--   waiting         hash: a field for each job with waiting executions; field '' counts insertions
--
-- A job that is deleted or was never kept has no part; then all functions do nothing. A sealed part
-- is final: its job has ended or is about to.
--
-- A script that appends commands passes the part of each command's job. Before it writes anything
-- it asks takesCommand for each new command and answers a conflict if that is false; then it calls
-- moveExecution with the present state of each command.
--
-- A script that deletes a device passes the parts of the jobs in which the device waits. The caller
-- finds them by JobParts.waitingOf. Before it writes anything, the script asks knowsWaiting and
-- answers that it must be called again if that is false; then it calls refuseExecution for each.

-- Stored by number, from 0: new ones are added at the end.
local EXECUTION_STATES = {'waiting', 'queued', 'sent', 'accepted', 'succeeded', 'failed',
  'rejected', 'expired', 'cancelled', 'superseded', 'refused', 'skipped'}
local EXECUTION_NUMBERS = {}
for i, state in ipairs(EXECUTION_STATES) do
  EXECUTION_NUMBERS[state] = i - 1
end
-- More than the devices of a job.
local EXECUTION_PLACES = 1048576

-- The part of job `id` whose three keys begin at KEYS[first]; waiting: the key of the partition.
local function jobPart(id, first, waiting)
  return {id = id, counts = KEYS[first], executions = KEYS[first + 1], outcomes = KEYS[first + 2],
    waiting = waiting}
end

-- The parts of several jobs, whose keys follow each other from KEYS[first].
local function jobParts(ids, first, waiting)
  local parts = {}
  for i, id in ipairs(ids) do
    parts[i] = jobPart(id, first + 3 * (i - 1), waiting)
  end
  return parts
end

-- State and place in a score.
local function executionAt(score)
  local place = score % EXECUTION_PLACES
  return EXECUTION_STATES[(score - place) / EXECUTION_PLACES + 1], place
end

-- State and place of the execution of a device; nil if the part does not have it.
local function findExecution(part, device)
  local score = redis.call('ZSCORE', part.executions, device)
  if not score then
    return nil
  end
  return executionAt(tonumber(score))
end

-- Counts executions that have changed from one state to another as one change.
local function countExecutions(part, from, to, number)
  local left = redis.call('HINCRBY', part.counts, from, -number)
  redis.call('HINCRBY', part.counts, to, number)
  redis.call('HINCRBY', part.counts, 'v', 1)
  if from == 'waiting' and left == 0 then
    redis.call('HDEL', part.waiting, part.id)
  end
end

local function scoreExecution(part, device, place, state)
  redis.call('ZADD', part.executions, EXECUTION_NUMBERS[state] * EXECUTION_PLACES + place, device)
end

-- Whether a device may get a new command of the job: not if it has one, and not of a sealed part.
local function takesCommand(part, device)
  local state, place = findExecution(part, device)
  return not state or (redis.call('HEXISTS', part.counts, 's') == 0
    and (state == 'refused' or redis.call('HEXISTS', part.outcomes, place) == 0))
end

-- Sets the execution of a command's device to the state of the command, whatever its own is.
local function moveExecution(part, device, command, state)
  local from, place = findExecution(part, device)
  if not from or from == state or redis.call('HEXISTS', part.counts, 's') == 1 then
    return
  end
  scoreExecution(part, device, place, state)
  countExecutions(part, from, state, 1)
  redis.call('HSET', part.outcomes, place, command)
end

-- Refuses the execution of a device if it is waiting. code: a word, or '' for no reason.
local function refuseExecution(part, device, code, text)
  local from, place = findExecution(part, device)
  if from ~= 'waiting' then
    return
  end
  scoreExecution(part, device, place, 'refused')
  countExecutions(part, from, 'refused', 1)
  if code ~= '' then
    redis.call('HSET', part.outcomes, place, code .. ' ' .. text)
  end
end

-- Whether no executions were inserted since JobParts.waitingOf has read that number of insertions.
-- If so, a device waits in no other jobs than it has found.
local function knowsWaiting(waiting, insertions)
  return (redis.call('HGET', waiting, '') or '0') == insertions
end
