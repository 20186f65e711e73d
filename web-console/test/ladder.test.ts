import { expect, test } from 'vitest';
import { Ladder } from '../src/live/ladder';

function ladder(remembered: string | null = null): Ladder {
  return new Ladder({ getItem: () => remembered, setItem: () => {} });
}

test('it begins at the top, or with what worked, and never with what is no way', () => {
  expect(ladder().way).toBe('websocket');
  expect(ladder('poll').way).toBe('poll');
  expect(ladder('pigeon').way).toBe('websocket');
});

test('a way that never worked is left at once, one that did after two failures in a row', () => {
  const ways = ladder();
  expect(ways.fails()).toBe(true);
  ways.worksBy('stream');
  expect(ways.fails()).toBe(false);
  ways.stayed();
  expect(ways.fails()).toBe(false);
  expect(ways.fails()).toBe(true);
  expect(ways.way).toBe('poll');
});

test('below the last way is the first, but not at once', () => {
  const ways = ladder('poll');
  expect(ways.fails()).toBe(false);
  expect(ways.way).toBe('websocket');
});

test('better ways are tried half a minute later, then less and less often, up to ten minutes', () => {
  const ways = ladder('poll');
  const waits = Array.from({ length: 8 }, () => ways.returnAfter(() => 1) / 1000);
  expect(waits).toEqual([30, 60, 120, 240, 480, 600, 600, 600]);
  ways.hopes();
  expect(ways.returnAfter(() => 0)).toBe(15_000);
});
