// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { session } from '../src/app/app-state';
import { DEVICE_QUERY, type DeviceQuery } from '../src/app/router';
import { Series } from '../src/chart/series';
import { StateSpans } from '../src/chart/state-spans';
import { CommandList } from '../src/device/command-list';
import { DeviceCommands } from '../src/device/device-commands';
import type { DeviceFeed } from '../src/device/device-feed';
import { definitions } from '../src/device-types/definitions';
import type { DeviceType } from '../src/device-types/device-type';
import type { Command, Device } from '../src/hub/api-types';

const T = 1_795_000_000_000;
const TYPE: DeviceType = {
  metrics: { speed: { unit: 'rpm', decimals: 0 }, mode: {} },
  commands: {
    'set-speed': { undo: { name: 'set-speed', params: { rpm: { $before: 'speed' } } } },
    'set-flow': { undo: { name: 'set-flow', params: { flow: { $before: 'flow' } } } },
    'set-limit': { undo: { name: 'set-limit', params: { limit: { $before: '/reported/limit' } } } },
    'set-mode': { undo: { name: 'set-mode', params: { mode: { $before: 'mode' } } }, risk: 'disturbs' },
  },
};
const DEVICE = { id: 'pump-1', type: 'pump', presence: { state: 'online', since: 0 } } as unknown as Device;
const QUERY = Object.fromEntries(
  Object.entries(DEVICE_QUERY).map(([name, param]) => [name, param.otherwise]),
) as unknown as DeviceQuery;

let host: HTMLElement;
let commands: DeviceCommands;
let posted: unknown[];
/** What the hub's answer to a command waits for. */
let answered: Promise<void>;
/** Readings of the flow, which arrive late. */
let history: Series;

function command(name: string, created: number): Command {
  const timeline = [{ state: 'succeeded' as const, ts: created + 5 }];
  return {
    id: `${name}-${created}`,
    device: 'pump-1',
    name,
    state: 'succeeded',
    created,
    expires: T,
    timeline,
  };
}

beforeEach(async () => {
  posted = [];
  answered = Promise.resolve();
  vi.stubGlobal('fetch', async (path: string, init: { method: string; body?: string }) => {
    if (init.method === 'POST') {
      const body = JSON.parse(init.body ?? '') as { name: string };
      posted.push(body);
      await answered;
      return Response.json(command(body.name, T + 60_000 * posted.length));
    }
    return Response.json(path.includes('/types/') ? TYPE : {});
  });
  definitions.clear();
  await definitions.ready(['pump']);
  session.value = { name: 'ops', keyId: 'k', scopes: ['admin'], expires: 0 };
  const series = new Series();
  series.add(T - 10_000, 1420);
  series.add(T + 10_000, 1450);
  const states = new StateSpans();
  states.add(T - 60_000, 'auto');
  history = new Series();
  const latest = { ts: T, value: 0 };
  const channels = new Map([
    ['speed', { metric: 'speed', unit: '', latest, series, states: new StateSpans() }],
    ['flow', { metric: 'flow', unit: '', latest, series: history, states: new StateSpans() }],
    ['mode', { metric: 'mode', unit: '', latest, series: new Series(), states }],
  ]);
  commands = new DeviceCommands('pump-1', new AbortController().signal);
  commands.store(command('set-speed', T));
  const feed = { channels, commands } as unknown as DeviceFeed;
  host = document.body.appendChild(document.createElement('div'));
  await act(() => render(<CommandList feed={feed} device={DEVICE} query={QUERY} />, host));
});
afterEach(() => {
  render(null, host);
  host.remove();
  session.value = null;
  vi.unstubAllGlobals();
});

const button = (text: string) =>
  [...host.querySelectorAll('button')].find((one) => one.textContent?.startsWith(text));
const press = (text: string) =>
  act(async () => {
    button(text)?.click();
    await new Promise((resolve) => setTimeout(resolve, 10));
  });

test('a command is taken back with the reading from before it', async () => {
  await press('Undo, back to 1,420 rpm');
  expect(posted).toEqual([{ name: 'set-speed', params: { rpm: 1420 } }]);
  expect(button('Undo, back to 1,420 rpm')).toBeUndefined();
  expect(button('Undo, back to 1,450 rpm')).toBeDefined();
});

test('a command whose end arrives before the answer of the hub can be undone', async () => {
  let answer = () => {};
  answered = new Promise((resolve) => {
    answer = resolve;
  });
  const sent = commands.send('set-limit', { limit: 12 }, undefined, new Map([['/reported/limit', 30]]));
  await vi.waitFor(() => expect(posted.length).toBe(1));
  await act(() => commands.store(command('set-limit', T + 60_000)));
  expect(button('Undo, back to 30')).toBeUndefined();
  await act(async () => {
    answer();
    await sent;
  });
  expect(button('Undo, back to 30')).toBeDefined();
});

test('a command can be undone once the readings from before it have arrived', async () => {
  await act(() => commands.store(command('set-flow', T + 1)));
  expect(button('Undo, back to 18')).toBeUndefined();
  history.add(T - 5_000, 18);
  await vi.waitFor(() => expect(button('Undo, back to 18')).toBeDefined(), 5_000);
});

test('an undo that disturbs is asked about like the command itself', async () => {
  await act(() => commands.store(command('set-mode', T + 1)));
  await press('Undo, back to auto');
  expect(posted).toEqual([]);
  expect(host.querySelector('dialog')?.textContent).toContain('This disturbs the operation of the device.');
  await act(async () => {
    host
      .querySelector('dialog form')
      ?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await new Promise((resolve) => setTimeout(resolve, 10));
  });
  expect(posted).toEqual([{ name: 'set-mode', params: { mode: 'auto' } }]);
});

test('without the right to send commands there is no undo', async () => {
  await act(() => {
    session.value = { name: 'viewer', keyId: 'k', scopes: ['devices:read'], expires: 0 };
    commands.store(command('identify', T - 1));
  });
  expect(button('Undo')).toBeUndefined();
});
