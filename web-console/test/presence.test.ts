import { expect, test } from 'vitest';
import { causeText, contactAt, contactText, flappingText } from '../src/components/presence';
import type { Presence } from '../src/hub/api-types';

const at = Date.UTC(2026, 10, 22, 14, 0, 0);
const presence = (state: Presence['state'], expected?: number): Presence => ({
  state,
  since: at,
  ...(expected === undefined ? {} : { expected }),
});

test('known causes have a text, unknown ones are shown as they are', () => {
  const causes = [
    'lost',
    'hub-restarted',
    'node-lost',
    'closed-with-1009',
    'replaced, flapping',
    'unknown cause',
    undefined,
  ];
  expect(causes.map(causeText)).toEqual([
    'connection lost',
    'hub restarted',
    'hub node lost',
    'closed with code 1009',
    'replaced by a newer session',
    'unknown cause',
    '',
  ]);
  expect(causeText('connected')).toBe('');
});

test('asleep and overdue devices have a planned contact, others none', () => {
  expect(contactText(presence('asleep', at + 42_000), at)).toBe('next in 42 s');
  expect(contactText(presence('asleep', at - 2_000), at)).toBe('due now');
  expect(contactText(presence('overdue', at - 42_000), at)).toBe('due 42 s ago');
  expect(contactText(presence('asleep'), at)).toBe('');
  expect(contactText(presence('online', at + 42_000), at)).toBe('');
});

test('the contact time includes the day if it is another one', () => {
  expect(contactAt(presence('asleep', at + 42_000), at)).toMatch(/^\d\d:\d\d:42$/);
  expect(contactAt(presence('asleep', at + 86_400_000), at)).toMatch(/Mon.*23/);
  expect(contactAt(presence('offline', at), at)).toBe('');
});

test('a contested id names both connections; frequent reconnects are unstable', () => {
  const addresses = ['10.0.0.7:5121', '10.0.0.9:6011'];
  const contested = flappingText({ kind: 'contested', changes: 14, since: at, addresses });
  expect(contested.word).toBe('Contested');
  expect(contested.text).toContain('10.0.0.7:5121 is connected, 10.0.0.9:6011 tries to take over');
  expect(contested.text).toContain('14 connects');
  const alike = flappingText({ kind: 'contested', changes: 3, since: at, addresses: ['10.0.0.7:5121'] });
  expect(alike.text).toContain('Two connections from 10.0.0.7:5121');
  const unstable = flappingText({ kind: 'unstable', changes: 9, since: at, addresses: ['10.0.0.7:5121'] });
  expect(unstable).toMatchObject({
    word: 'Unstable',
    text: expect.stringContaining('last from 10.0.0.7:5121'),
  });
});
