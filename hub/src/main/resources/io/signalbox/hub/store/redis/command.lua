-- Commands as they are stored: a line with what scripts read and change, then the rest, which they
-- only replace (CommandText in Java). The line is
--   VERSION STATE PLACE CREATED NOTBEFORE EXPIRES EXPECTEDBY LEASE TOKEN
-- with '-' for none. TOKEN, the idempotency key, is a JSON string and may contain spaces.

local COMMAND_LINE = '^(%d+) (%a+) (%d+) (%-?%d+) (%-?%d+) (%-?%d+) (%S+) (%S+) ([^\n]*)\n'

-- The line of a stored command, and its text as far as it was read; nil if there is none.
local function readCommand(key, last)
  local text = redis.call('GETRANGE', key, 0, last)
  if text == '' then
    return nil
  end
  if not string.find(text, '\n', 1, true) then
    text = redis.call('GET', key)
  end
  local line = {}
  line.version, line.state, line.place, line.created, line.notBefore, line.expires, line.expected,
    line.lease, line.token = string.match(text, COMMAND_LINE)
  return line, text
end

-- Stores a command. rest: what follows the line.
local function writeCommand(key, line, rest)
  redis.call('SET', key, table.concat({line.version, line.state, line.place, line.created,
    line.notBefore, line.expires, line.expected, line.lease, line.token}, ' ') .. '\n' .. rest)
end
