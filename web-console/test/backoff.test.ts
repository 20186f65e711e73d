import { expect, test } from 'vitest';
import { pauseBefore } from '../src/feed/backoff';

test('each delay is below a limit that doubles up to 15 s', () => {
  const longest = [1, 2, 3, 4, 5, 6, 20].map((attempt) => pauseBefore(attempt, () => 1));
  expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000]);
});

test('the jitter is full: any time below the limit, but never zero', () => {
  expect(pauseBefore(5, () => 0.5)).toBe(4000);
  expect(pauseBefore(5, () => 0)).toBe(100);
});
