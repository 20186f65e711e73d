import { expect, test } from 'vitest';
import { TransportFallback } from '../src/feed/transport-fallback';

function ladder(remembered: string | null = null): TransportFallback {
  return new TransportFallback({ getItem: () => remembered, setItem: () => {} });
}

test('it starts with the best or the stored transport and ignores unknown names', () => {
  expect(ladder().transport).toBe('websocket');
  expect(ladder('poll').transport).toBe('poll');
  expect(ladder('pigeon').transport).toBe('websocket');
});

test('a transport that never worked is left at once, one that did after two failures in a row', () => {
  const ways = ladder();
  expect(ways.failed()).toBe(true);
  ways.succeeded('stream');
  expect(ways.failed()).toBe(false);
  ways.connectionLasted();
  expect(ways.failed()).toBe(false);
  expect(ways.failed()).toBe(true);
  expect(ways.transport).toBe('poll');
});

test('after the last transport the first follows, after a delay', () => {
  const ways = ladder('poll');
  expect(ways.failed()).toBe(false);
  expect(ways.transport).toBe('websocket');
});

test('better transports are retried after half a minute, with growing delays up to ten minutes', () => {
  const ways = ladder('poll');
  const waits = Array.from({ length: 8 }, () => ways.retryDelay(() => 1) / 1000);
  expect(waits).toEqual([30, 60, 120, 240, 480, 600, 600, 600]);
  ways.networkChanged();
  expect(ways.retryDelay(() => 0)).toBe(15_000);
});
