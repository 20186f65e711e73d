import { expect, test } from 'vitest';
import { pauseBefore } from '../src/feed/backoff';

test('each pause lies below a ceiling that doubles, up to a quarter of a minute', () => {
  const longest = [1, 2, 3, 4, 5, 6, 20].map((attempt) => pauseBefore(attempt, () => 1));
  expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000]);
});

test('the jitter is full: any time below the ceiling, but never at once', () => {
  expect(pauseBefore(5, () => 0.5)).toBe(4000);
  expect(pauseBefore(5, () => 0)).toBe(100);
});
