import { expect, test } from 'vitest';
import { lifecycleOf, paramsText, pendingText, reasonOf, timelineOf } from '../src/device/command-lifecycle';
import type { Command, CommandState, CommandStep } from '../src/hub/api-types';

function command(...steps: [CommandState, number, Partial<CommandStep>?][]): Command {
  const timeline = steps.map(([state, ts, more]) => ({ state, ts, ...more }));
  const state = timeline.at(-1)?.state ?? 'queued';
  return { id: 'c', device: 'd', name: 'set-speed', state, created: 1000, expires: 9000, timeline };
}

const steps = (c: Command, now = 2000) =>
  lifecycleOf(c, now).map((step) => `${step.kind} ${step.word} ${step.when}`.trim());

test('a successful command shows when it was sent, accepted and done', () => {
  const landed = command(['queued', 1000], ['sent', 1003], ['accepted', 1027], ['succeeded', 1412]);
  expect(steps(landed)).toEqual([
    'done Queued 0 ms',
    'done Sent +3 ms',
    'done Accepted +27 ms',
    'done Succeeded +412 ms',
  ]);
});

test('the current step shows its duration, future steps are empty', () => {
  expect(steps(command(['queued', 1000]))).toEqual([
    'now Queued for 1.0 s',
    'ahead Sent',
    'ahead Accepted',
    'ahead Succeeded',
  ]);
});

test('a step that was never reported is not invented', () => {
  expect(steps(command(['queued', 1000], ['sent', 1005], ['failed', 1050]))).toEqual([
    'done Queued 0 ms',
    'done Sent +5 ms',
    'skipped Accepted',
    'bad Failed +50 ms',
  ]);
});

test('a requeued command does not show its first delivery', () => {
  const again = command(['queued', 1000], ['sent', 1005], ['queued', 1500]);
  expect(steps(again)).toEqual(['now Queued for 500 ms', 'ahead Sent', 'ahead Accepted', 'ahead Succeeded']);
});

test('the reason is the text of the device or the hub', () => {
  expect(reasonOf({ ...command(['failed', 2000]), error: 'rpm must be at most 3600' })).toBe(
    'rpm must be at most 3600',
  );
  expect(reasonOf({ ...command(['failed', 2000]), error: { message: 'stuck' } })).toBe('stuck');
  expect(reasonOf(command(['expired', 2000, { reason: 'ttl' }]))).toBe('ttl');
  expect(reasonOf(command(['succeeded', 2000]))).toBe('');
  expect([{ rpm: 1450 }, {}, undefined, [1]].map(paramsText)).toEqual(['rpm 1450', '', '', '0 1']);
});

test('a waiting command shows what it waits for', () => {
  const waits = command(['queued', 1000]);
  expect(pendingText(waits, 2000)).toBe('expires in 7.0 s');
  expect(pendingText({ ...waits, expectedBy: 5000 }, 2000)).toBe('expected in 3.0 s');
  expect(pendingText({ ...waits, expectedBy: 1500 }, 2000)).toBe('was expected 0.5 s ago');
  expect(pendingText({ ...waits, notBefore: 3000, expectedBy: 5000 }, 2000)).toMatch(/^not before /);
});

test('the timeline has every step, including failed deliveries, with actor, place and reason', () => {
  const again = command(
    ['queued', 1000, { by: 'ops', node: 'hub' }],
    ['sent', 1005, { session: '17', transport: 'websocket', node: 'hub' }],
    ['queued', 1500, { reason: 'lost', node: 'hub' }],
    ['queued', 1600, { reason: 'replaced by session 18' }],
  );
  expect(timelineOf(again).map(({ state, who, reason }) => [state, who, reason].join(' | '))).toEqual([
    'queued | by ops · at hub | ',
    'sent | session 17, WebSocket · at hub | ',
    'queued | at hub | connection lost',
    'queued |  | replaced by session 18',
  ]);
  expect(timelineOf(again)[1]?.when).toMatch(/, \+5 ms$/);
});
