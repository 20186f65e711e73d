import { expect, test } from 'vitest';
import { lifecycleOf, outlookOf, paramsText, reasonOf, timelineOf } from '../src/device/command-lifecycle';
import type { Command, CommandState, CommandStep } from '../src/hub/api-types';

function command(...steps: [CommandState, number, Partial<CommandStep>?][]): Command {
  const timeline = steps.map(([state, ts, more]) => ({ state, ts, ...more }));
  const state = timeline.at(-1)?.state ?? 'queued';
  return { id: 'c', device: 'd', name: 'set-speed', state, created: 1000, expires: 9000, timeline };
}

const told = (c: Command, now = 2000) =>
  lifecycleOf(c, now).map((step) => `${step.kind} ${step.word} ${step.when}`.trim());

test('a command that lands shows when it was sent, accepted and done', () => {
  const landed = command(['queued', 1000], ['sent', 1003], ['accepted', 1027], ['succeeded', 1412]);
  expect(told(landed)).toEqual([
    'done Queued 0 ms',
    'done Sent +3 ms',
    'done Accepted +27 ms',
    'done Succeeded +412 ms',
  ]);
});

test('what is under way says for how long, and what lies ahead is empty', () => {
  expect(told(command(['queued', 1000]))).toEqual([
    'now Queued for 1.0 s',
    'ahead Sent',
    'ahead Accepted',
    'ahead Succeeded',
  ]);
});

test('a step that was never told is not made up', () => {
  expect(told(command(['queued', 1000], ['sent', 1005], ['failed', 1050]))).toEqual([
    'done Queued 0 ms',
    'done Sent +5 ms',
    'skipped Accepted',
    'bad Failed +50 ms',
  ]);
});

test('a command whose session ended waits again, and its first delivery counts no more', () => {
  const again = command(['queued', 1000], ['sent', 1005], ['queued', 1500]);
  expect(told(again)).toEqual(['now Queued for 500 ms', 'ahead Sent', 'ahead Accepted', 'ahead Succeeded']);
});

test('the reason is told in the words of whoever gave it', () => {
  expect(reasonOf({ ...command(['failed', 2000]), error: 'rpm must be at most 3600' })).toBe(
    'rpm must be at most 3600',
  );
  expect(reasonOf({ ...command(['failed', 2000]), error: { message: 'stuck' } })).toBe('stuck');
  expect(reasonOf(command(['expired', 2000, { reason: 'ttl' }]))).toBe('ttl');
  expect(reasonOf(command(['succeeded', 2000]))).toBe('');
  expect([{ rpm: 1450 }, {}, undefined, [1]].map(paramsText)).toEqual(['rpm 1450', '', '', '0 1']);
});

test('a command that waits says what for: its time, the device, or its end', () => {
  const waits = command(['queued', 1000]);
  expect(outlookOf(waits, 2000)).toBe('given up in 7.0 s');
  expect(outlookOf({ ...waits, expectedBy: 5000 }, 2000)).toBe('expected in 3.0 s');
  expect(outlookOf({ ...waits, expectedBy: 1500 }, 2000)).toBe('was expected 0.5 s ago');
  expect(outlookOf({ ...waits, notBefore: 3000, expectedBy: 5000 }, 2000)).toMatch(/^not before /);
});

test('its account has every step, the rounds that came to nothing too, with who, where and why', () => {
  const again = command(
    ['queued', 1000, { by: 'ops', node: 'hub' }],
    ['sent', 1005, { session: '17', transport: 'websocket', node: 'hub' }],
    ['queued', 1500, { reason: 'lost', node: 'hub' }],
    ['queued', 1600, { reason: 'replaced by session 18' }],
  );
  expect(timelineOf(again).map(({ state, who, reason }) => [state, who, reason].join(' | '))).toEqual([
    'queued | by ops · at hub | ',
    'sent | session 17, WebSocket · at hub | ',
    'queued | at hub | the connection was lost',
    'queued |  | replaced by session 18',
  ]);
  expect(timelineOf(again)[1]?.when).toMatch(/, \+5 ms$/);
});
