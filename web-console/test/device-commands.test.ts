// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { DeviceCommands } from '../src/device/device-commands';
import type { Command, CommandState } from '../src/hub/api-types';

afterEach(() => vi.unstubAllGlobals());

function command(n: number, ...states: CommandState[]): Command {
  const timeline = states.map((state, i) => ({ state, ts: n * 100 + i }));
  const state = states.at(-1) as CommandState;
  return { id: `c${n}`, device: 'pump', name: 'go', state, created: n * 100, expires: 1e9, timeline };
}

/** A hub with these commands, oldest first. */
function hubWith(all: Command[]) {
  vi.stubGlobal('fetch', async (path: string) => {
    const one = /\/commands\/(\w+)$/.exec(path)?.[1];
    const found = all.find(({ id }) => id === one);
    const limit = Number(new URL(path, 'http://hub').searchParams.get('limit'));
    const page = { items: all.toReversed().slice(0, limit), next: all.length > limit ? 'more' : null };
    return one && !found ? new Response('{}', { status: 404 }) : Response.json(found ?? page);
  });
}

const commands = () => new DeviceCommands('pump', new AbortController().signal);
const ids = (of: DeviceCommands) => of.items.value.map(({ id }) => id);

test('a record with fewer steps than known is outdated', () => {
  const of = commands();
  of.store(command(1, 'queued', 'sent'));
  of.store(command(1, 'queued'));
  expect(of.items.value[0]?.state).toBe('sent');
  of.store(command(1, 'queued', 'sent', 'succeeded'));
  of.store(command(1, 'queued', 'sent', 'queued', 'sent'));
  expect(of.items.value[0]?.state).toBe('succeeded');
});

test('the newest commands are shown, older ones on request', async () => {
  hubWith(Array.from({ length: 30 }, (_, n) => command(n, 'queued')));
  const of = commands();
  await of.read();
  expect([of.items.value.length, ids(of)[0], of.hasOlder.value]).toEqual([20, 'c29', true]);
  await of.readOlder();
  expect([of.items.value.length, ids(of).at(-1), of.hasOlder.value]).toEqual([30, 'c0', false]);
});

test('a selected command is shown regardless of its age and stays while others arrive', async () => {
  hubWith(Array.from({ length: 60 }, (_, n) => command(n, 'queued')));
  const of = commands();
  await of.want('c3');
  await of.read();
  for (let n = 60; n < 90; n++) {
    of.store(command(n, 'queued'));
  }
  expect(ids(of).slice(-2)).toEqual(['c70', 'c3']);
});

test('an unknown id or one of another device is ignored', async () => {
  hubWith([{ ...command(1, 'queued'), device: 'fan' }]);
  const of = commands();
  await of.want('c1');
  await of.want('c2');
  expect(ids(of)).toEqual([]);
});
