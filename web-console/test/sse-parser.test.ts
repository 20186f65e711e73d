import { expect, test } from 'vitest';
import { type SseEvent, SseParser } from '../src/feed/sse-parser';

function read(...pieces: string[]): (SseEvent | string)[] {
  const read: (SseEvent | string)[] = [];
  const lines = new SseParser(
    (event) => read.push(event),
    (id) => read.push(id),
  );
  for (const piece of pieces) {
    lines.push(piece);
  }
  return read;
}

const stream =
  ': hello\n\nretry: 500\n\nevent: telemetry\nid: a-1\ndata: {"ts":1}\n\nid: a-2\n\ndata: one\ndata:two\n\n';
const events = [
  { event: 'telemetry', data: '{"ts":1}' },
  'a-1',
  'a-2',
  { event: 'message', data: 'one\ntwo' },
];

test('events are read, then their ids, comments are not; an id may come alone', () => {
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
  expect(read('event: telemetry\n\n', 'data: {"ts":1}\n')).toEqual([]);
});
