-- Refuses the execution of a device, if it is waiting.
local id, device, code, text = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
refuseExecution(jobPart(id, 1, KEYS[4]), device, code, text)
return 1
