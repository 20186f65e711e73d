import { expect, test } from 'vitest';
import { keyOf, kindOf, lastOf, placeOf } from '../src/diagnostics/recorder-entry';
import type { Recorded } from '../src/hub/api-types';

const refused: Recorded = {
  ts: 1_000,
  kind: 'refused',
  code: 'disabled',
  text: 'refused: device pump-7 is disabled',
  transport: 'websocket',
  address: '10.0.0.7:5121',
  node: 'hub',
  count: 12,
  last: 61_000,
};

test('a repeated entry has its last time and count, and keeps its identity', () => {
  expect(lastOf(refused)).toBe(61_000);
  expect(placeOf(refused)).toMatch(/^12 times since .* · WebSocket · 10\.0\.0\.7:5121$/);
  expect(keyOf({ ...refused, count: 13, last: 70_000 })).toBe(keyOf(refused));
});

test('details contained in the text are not repeated', () => {
  const entry: Recorded = { ...refused, kind: 'connected', session: '5', text: 'connected, session 5' };
  delete entry.count;
  expect(placeOf(entry)).toBe('WebSocket · 10.0.0.7:5121');
});

test('command steps use the command states, unknown kinds their own name', () => {
  expect(kindOf({ ...refused, kind: 'command', code: 'sent' })).toEqual({ word: 'Sent', tone: 'minor' });
  expect(kindOf({ ...refused, kind: 'command', code: 'older' }).word).toBe('Older');
  expect(kindOf({ ...refused, kind: 'enchanted' as Recorded['kind'] }).word).toBe('enchanted');
});
