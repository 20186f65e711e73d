-- What a script does that deletes a device. KEYS: waiting, then the parts.
local waiting, device, insertions = KEYS[1], ARGV[1], ARGV[2]
local ids = {}
for i = 3, #ARGV do
  ids[#ids + 1] = ARGV[i]
end
if not knowsWaiting(waiting, insertions) then
  return 'changed'
end
for _, part in ipairs(jobParts(ids, 2, waiting)) do
  refuseExecution(part, device, 'unknown-device', 'there is no device ' .. device)
end
return 'deleted'
