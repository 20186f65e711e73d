import { expect, test } from 'vitest';
import { EventLines, type ServerSent } from '../src/live/event-lines';

function read(...pieces: string[]): ServerSent[] {
  const events: ServerSent[] = [];
  const lines = new EventLines((event) => events.push(event));
  for (const piece of pieces) {
    lines.push(piece);
  }
  return events;
}

const stream =
  ': hello\n\nretry: 500\n\nevent: telemetry\nid: a-1\ndata: {"ts":1}\n\ndata: one\ndata:two\n\n';
const events = [
  { event: 'telemetry', data: '{"ts":1}', id: 'a-1' },
  { event: 'message', data: 'one\ntwo', id: 'a-1' },
];

test('events are read, comments are not, and an id holds until the next', () => {
  expect(read(stream)).toEqual(events);
});

test('wherever a piece ends and however a line does, the events are the same', () => {
  for (const lineEnd of ['\n', '\r', '\r\n']) {
    const text = stream.replaceAll('\n', lineEnd);
    for (let cut = 0; cut <= text.length; cut++) {
      expect(read(text.slice(0, cut), text.slice(cut), lineEnd === '\r' ? ':' : '')).toEqual(events);
    }
    expect(read(...text, lineEnd === '\r' ? ':' : '')).toEqual(events);
  }
});

test('an event that was cut off is none, nor is one without data', () => {
  expect(read('event: telemetry\nid: a-1\n\n', 'data: {"ts":1}\n')).toEqual([]);
});
