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

test('events come before their ids, comments are skipped, an id may come alone', () => {
  expect(read(stream)).toEqual(events);
});

test('chunks may end anywhere, with any line ending', () => {
  for (const lineEnd of ['\n', '\r', '\r\n']) {
    const text = stream.replaceAll('\n', lineEnd);
    for (let cut = 0; cut <= text.length; cut++) {
      expect(read(text.slice(0, cut), text.slice(cut), lineEnd === '\r' ? ':' : '')).toEqual(events);
    }
    expect(read(...text, lineEnd === '\r' ? ':' : '')).toEqual(events);
  }
});

test('an incomplete event and one without data are ignored', () => {
  expect(read('event: telemetry\n\n', 'data: {"ts":1}\n')).toEqual([]);
});
