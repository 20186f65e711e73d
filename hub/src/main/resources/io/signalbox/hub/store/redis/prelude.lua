-- Functions of all scripts; this text precedes each of them.

-- Adds events to the stream of their partition; an empty text is no event.
local function publish(stream, most, node, events)
  if events ~= '' then
    redis.call('XADD', stream, 'MAXLEN', '~', most, '*', 'n', node, 'e', events)
  end
end

