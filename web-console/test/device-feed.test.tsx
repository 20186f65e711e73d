// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEVICE_QUERY, type DeviceQuery } from '../src/app/router';
import { Channels } from '../src/device/channels';
import { DeviceFeed } from '../src/device/device-feed';
import { ReadingsTable } from '../src/device/readings-table';
import { StateLane } from '../src/device/state-lane';
import { definitions } from '../src/device-types/definitions';
import type { FeedClient } from '../src/feed/feed-client';
import type { Feed, Follower } from '../src/feed/subscriptions';
import type { Device, Latest, LiveEvent, Value } from '../src/hub/api-types';

const DEVICE = { id: 'valve-1', type: 'valve', presence: { state: 'online', since: 0 } } as unknown as Device;
const QUERY = Object.fromEntries(
  Object.entries(DEVICE_QUERY).map(([name, param]) => [name, param.otherwise]),
) as unknown as DeviceQuery;
const REASON = 'must be a number, is the text "12"';

let now: number;
let latest: Record<string, Latest>;
let description: object | null;
let pastMisfits: [number, string][];
let askedForLatest: number;
let askedForDescription: number;
let follower: Follower;
let feed: DeviceFeed;
let host: HTMLElement;

beforeEach(async () => {
  now = Date.now();
  latest = { flow: { ts: now - 3_000, value: 10 }, state: { ts: now - 3_000, value: 'open' } };
  description = null;
  pastMisfits = [[now - 60_000, 'must be a number, is true']];
  askedForLatest = 0;
  askedForDescription = 0;
  vi.stubGlobal('fetch', async (path: string) => {
    if (path.endsWith('/telemetry/latest')) {
      askedForLatest++;
      return Response.json({ metrics: latest });
    }
    if (path.includes('/telemetry?')) {
      const metric = new URL(path, 'http://hub').searchParams.get('metric');
      return Response.json(
        metric === 'flow'
          ? { metric, points: [[now - 3_000, 10]], misfits: pastMisfits }
          : { metric, aggregate: 'states', points: [[now - 3_000, 'open', 3_000]] },
      );
    }
    askedForDescription += Number(path.endsWith('/description'));
    if (path.endsWith('/description') && description) {
      return Response.json(description, { headers: { ETag: JSON.stringify(JSON.stringify(description)) } });
    }
    if (path.includes('/description') || path.includes('/types/')) {
      return new Response('{}', { status: 404 });
    }
    return Response.json(path.endsWith('/commands?limit=20') ? { items: [], next: null } : DEVICE);
  });
  definitions.clear();
  const live = {
    follow: (_feed: Feed, one: Follower) => {
      follower = one;
      return { close: () => {} };
    },
  };
  feed = new DeviceFeed('valve-1', live as unknown as FeedClient);
  await feed.readState();
  await feed.show({ from: now - 300_000, to: now, moving: true }, ['flow', 'state']);
  host = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  feed.close();
  render(null, host);
  host.remove();
  vi.unstubAllGlobals();
});

function sends(ts: number, values: Record<string, Value>, misfits?: string[]): void {
  follower.event({
    type: 'telemetry',
    device: 'valve-1',
    ts,
    values,
    ...(misfits ? { misfits } : {}),
  } as LiveEvent);
}
const draw = () => act(() => render(<Channels feed={feed} device={DEVICE} query={QUERY} />, host));
const row = (name: string) => [...host.querySelectorAll('tr')].find((one) => one.textContent?.includes(name));

test('a live misfit is marked at once, gets its reason, and the mark goes with a fitting value', async () => {
  sends(now - 2_000, { flow: '12', state: 'open' }, ['flow']);
  latest = { flow: { ts: now - 2_000, value: '12', misfit: REASON } };
  await draw();
  expect(row('Flow')?.querySelector('.why')?.textContent).toContain('Does not fit the type');
  expect(row('State')?.querySelector('.misfit')).toBeNull();
  await vi.waitFor(() =>
    expect(feed.channels.get('flow')?.misfits.textAt(now - 2_000)).toBe(`Does not fit the type: ${REASON}`),
  );
  render(null, host);
  await draw();
  expect(row('Flow')?.querySelector('td .misfit[title]')?.getAttribute('title')).toContain(REASON);
  sends(now - 1_000, { flow: 12 });
  render(null, host);
  await draw();
  expect(row('Flow')?.querySelector('.misfit')).toBeNull();
});

test('reasons are fetched once for many misfits, and not at all while everything fits', async () => {
  const before = askedForLatest;
  for (let i = 0; i < 100; i++) {
    sends(now - 2_000 + i, { flow: i });
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(askedForLatest).toBe(before);
  for (let i = 0; i < 100; i++) {
    sends(now - 1_000 + i, { flow: 'x' }, ['flow']);
  }
  await vi.waitFor(() => expect(askedForLatest).toBe(before + 1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(askedForLatest).toBe(before + 1);
});

test('a new description of the device is fetched, without loading the rest again', async () => {
  await draw();
  const before = [askedForDescription, askedForLatest];
  follower.event({ type: 'device', device: 'valve-1', change: 'described' });
  await draw();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([askedForDescription, askedForLatest]).toEqual([(before[0] as number) + 1, before[1]]);
});

test('marks are read again when the type that judges the readings has changed, and only then', async () => {
  const marks = () => feed.channels.get('flow')?.misfits.within(0, now);
  const change = async (to: object) => {
    description = { device: 'valve-1', type: 'valve', metrics: { flow: {} }, ...to };
    await definitions.describe('valve-1');
    await new Promise((resolve) => setTimeout(resolve, 30));
  };
  const before = askedForLatest;
  await change({ typeVersion: 1 });
  await change({ typeVersion: 2 });
  expect([askedForLatest, marks()]).toEqual([before, [now - 60_000]]);
  pastMisfits = [[now - 30_000, 'must be a boolean, is 10']];
  await change({ typeVersion: 3, strict: 'tag' });
  expect([askedForLatest, marks()]).toEqual([before + 1, [now - 30_000]]);
  pastMisfits = [];
  await change({ typeVersion: 4, strict: 'tag' });
  expect(marks()).toEqual([]);
});

test('misfits of the history and of events are marked in the table and on state lanes', async () => {
  expect(feed.channels.get('flow')?.misfits.within(0, now)).toEqual([now - 60_000]);
  latest = {};
  sends(now - 2_000, { state: 'jammed' }, ['state']);
  const query = { ...QUERY, as: 'table' as const };
  await act(() =>
    render(<ReadingsTable feed={feed} device={DEVICE} query={query} shown={['flow', 'state']} />, host),
  );
  expect(row('jammed')?.querySelector('.misfit')?.getAttribute('title')).toBe('Does not fit the type');
  expect(row('open')?.querySelector('.misfit')).toBeNull();
  render(null, host);
  const view = () => ({ from: now - 10_000, to: now, moving: true });
  await act(() =>
    render(
      <StateLane feed={feed} device={DEVICE} metric="state" cursor={null} view={view} onCursor={() => {}} />,
      host,
    ),
  );
  expect([...host.querySelectorAll('.band')].map((band) => band.className)).toEqual([
    'band s2',
    'band s1 misfit',
  ]);
  expect(host.querySelector('.band.misfit')?.getAttribute('title')).toMatch(
    /^jammed,.*\. Does not fit the type$/,
  );
  expect(host.querySelector('.end .misfit')).not.toBeNull();
});
