-- What a script does that appends a command of a job. KEYS: a part and waiting.
local job, device, command, state, new = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local part = jobPart(job, 1, KEYS[4])
if new == '1' and not takesCommand(part, device) then
  return 'conflict'
end
moveExecution(part, device, command, state)
return 'appended'
