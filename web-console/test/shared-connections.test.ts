// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SharedConnections } from '../src/feed/shared-connections';
import type { Port } from '../src/feed/shared-messages';
import { sharedTransport } from '../src/feed/shared-transport';
import { sseTransport } from '../src/feed/sse-transport';
import type { ServerMessage, SubscribeRequest } from '../src/feed/subscriptions';
import type { CloseInfo, Connection, ConnectionListener } from '../src/feed/transport';
import { fakePost, type Request } from './fake-requests';

/** A tab with subscriptions and their cursors, like `Subscriptions`. */
class FakeTab implements ConnectionListener {
  carried = 0;
  shared = 0;
  readonly told_: ServerMessage[] = [];
  closeInfo: CloseInfo | null = null;
  readonly connection: Connection;
  requests: SubscribeRequest[];

  constructor(
    transport: { open(requests: () => SubscribeRequest[], listener: ConnectionListener): Connection },
    ...devices: string[]
  ) {
    this.requests = devices.map((device, i) => ({ id: i + 1, topics: ['telemetry'], devices: [device] }));
    this.connection = transport.open(() => this.requests, this);
  }

  opened = (): void => {
    this.carried++;
    this.connection.sync();
  };

  tabs = (count: number): void => {
    this.shared = count;
  };

  hubTime = (): void => {};

  message = (message: ServerMessage): void => {
    this.told_.push(message);
  };

  cursorReached = (ids: number[], cursor: string): void => {
    this.requests = this.requests.map((one) => (ids.includes(one.id) ? { ...one, after: cursor } : one));
  };

  closed = (closeInfo: CloseInfo): void => {
    this.closeInfo = closeInfo;
  };

  get values(): unknown[] {
    return this.told_
      .filter(({ type }) => type === 'telemetry')
      .map((message) => (message as { ts: number }).ts);
  }
}

/** A pair of ports that copy messages, like in a browser, and can be cut silently. */
function channel(): { near: Port; far: Port; cut: () => void } {
  let isCut = false;
  const port = (): Port => ({ postMessage: () => {}, onmessage: null, close: () => {} });
  const near = port();
  const far = port();
  const join = (from: Port, to: Port) => {
    from.postMessage = (message) => {
      const copy = structuredClone(message);
      queueMicrotask(() => isCut || to.onmessage?.({ data: copy } as MessageEvent));
    };
  };
  join(near, far);
  join(far, near);
  return {
    near,
    far,
    cut: () => {
      isCut = true;
    },
  };
}

let requests: Request[];
let lines: SharedConnections;
let key: string;
let cuts: (() => void)[];
let dial: () => Port | null;
let post: ReturnType<typeof fakePost>['post'];

beforeEach(() => {
  vi.useFakeTimers();
  ({ requests, post } = fakePost());
  lines = new SharedConnections({ stream: sseTransport(post) });
  key = 'admin';
  cuts = [];
  dial = () => {
    const { near, far, cut } = channel();
    cuts.push(cut);
    lines.connect(far);
    return near;
  };
});

afterEach(() => vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(30);
const last = () => requests.at(-1) as Request;
const open = () => requests.filter((request) => !request.called);
const tab = (...devices: string[]) =>
  new FakeTab(
    sharedTransport(
      sseTransport(post),
      () => dial(),
      () => key,
    ),
    ...devices,
  );
const devicesOf = (request: Request) => request.body.subscribe.map((one) => one.devices?.[0]);

/** Answers the newest request, the only open one. */
async function stands(): Promise<void> {
  await settle();
  last().opens();
  last().event('hello', { epoch: 'e', heartbeat: 15, time: 1 });
  for (const { id, after } of last().body.subscribe) {
    last().event('subscribed', { id, cursor: after ?? 'e-0' });
  }
  await settle();
}

function reading(n: number, of: string): void {
  const { id } = last().body.subscribe.find((one) => one.devices?.[0] === of) as SubscribeRequest;
  last().event('telemetry', { id, device: of, ts: n, values: {} }, `e-${n}`);
}

async function two(): Promise<[FakeTab, FakeTab]> {
  const a = tab('pump-a');
  await stands();
  await stands();
  const b = tab('pump-b');
  await stands();
  return [a, b];
}

test('ten tabs share one stream, and each receives its own events', async () => {
  const tabs = [tab('pump-0')];
  await stands();
  await stands();
  for (let i = 1; i < 10; i++) {
    tabs.push(tab(`pump-${i}`));
    await stands();
  }
  expect(open()).toHaveLength(1);
  for (let i = 0; i < 10; i++) {
    reading(i, `pump-${i}`);
  }
  await settle();
  expect(tabs.map(({ values }) => values)).toEqual(tabs.map((_, i) => [i]));
  expect(tabs.map(({ shared }) => shared)).toEqual(tabs.map(() => 10));
  expect(tabs.map(({ carried }) => carried)).toEqual(tabs.map(() => 1));
  expect(tabs.map(({ told_ }) => told_[0]?.id)).toEqual(tabs.map(() => 1));
});

test('when a tab joins, the stream resumes for the others from their cursors', async () => {
  const a = tab('pump-a');
  await stands();
  await stands();
  reading(7, 'pump-a');
  await settle();
  tab('pump-b');
  await settle();
  expect(devicesOf(last())).toEqual(['pump-a', 'pump-b']);
  expect(last().body.subscribe.map(({ after }) => after)).toEqual(['e-7', undefined]);
  await stands();
  reading(8, 'pump-a');
  await settle();
  expect(a.values).toEqual([7, 8]);
});

test('a closed tab removes its subscriptions, the last one closes the stream', async () => {
  const [a, b] = await two();
  a.connection.close();
  await stands();
  expect(devicesOf(last())).toEqual(['pump-b']);
  expect(b.shared).toBe(1);
  b.connection.close();
  await settle();
  expect(open()).toHaveLength(0);
});

test('a crashed tab is removed, a sleeping one is not', async () => {
  const [, b] = await two();
  last().event('hello', { epoch: 'e', heartbeat: 600, time: 1 });
  cuts[0]?.();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(b.shared).toBe(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(b.shared).toBe(1);
});

test('a dead worker is detected within half a minute', async () => {
  const [a, b] = await two();
  for (const cut of cuts) {
    cut();
  }
  await vi.advanceTimersByTimeAsync(30_000);
  for (const { closeInfo } of [a, b]) {
    expect(closeInfo).toEqual({
      openMs: expect.any(Number),
      lastReceived: expect.any(Number),
      isUnauthorized: false,
    });
    // A duration, not a time: it was open for seconds.
    expect(closeInfo?.openMs).toBeLessThan(30_000);
    expect(closeInfo?.lastReceived).toBeGreaterThan(Date.now() - 31_000);
  }
});

test('the end of the stream reaches all tabs after pending events', async () => {
  const [a, b] = await two();
  reading(1, 'pump-a');
  last().ends();
  await settle();
  expect(a.values).toEqual([1]);
  expect(a.closeInfo?.isUnauthorized).toBe(false);
  expect(b.closeInfo?.isUnauthorized).toBe(false);
});

test('tabs with another key have their own stream', async () => {
  tab('pump-a');
  await stands();
  await stands();
  key = 'viewer';
  const other = tab('pump-b');
  await stands();
  await stands();
  expect(open()).toHaveLength(2);
  expect(other.shared).toBe(1);
});

test('a rejected subscription is reported to its tab only', async () => {
  const [a, b] = await two();
  b.requests = [...b.requests, { id: 9, topics: ['alarms'] }];
  b.connection.sync();
  await settle();
  last().says({ code: 'forbidden', detail: 'no', field: 'subscribe[2].topics' }, 403);
  await settle();
  expect(b.told_.at(-1)).toEqual({ type: 'error', code: 'forbidden', message: 'no', id: 9 });
  await stands();
  expect(devicesOf(last())).toEqual(['pump-a', 'pump-b']);
  expect(a.closeInfo).toBeNull();
});

test('subscriptions beyond the limit use a second stream', async () => {
  const many = (name: string) => Array.from({ length: 40 }, (_, i) => `${name}-${i}`);
  tab(...many('a'));
  await stands();
  await stands();
  tab(...many('b'));
  await settle();
  await stands();
  await stands();
  expect(open()).toHaveLength(2);
  expect(open().map((request) => request.body.subscribe.length)).toEqual([40, 40]);
});

test('without a worker a tab has its own stream, closes it while hidden and resumes from its cursor', async () => {
  dial = () => null;
  const a = tab('pump-a');
  await stands();
  reading(7, 'pump-a');
  await settle();
  show('hidden');
  await vi.advanceTimersByTimeAsync(19_000);
  expect(open()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(open()).toHaveLength(0);
  show('visible');
  await stands();
  expect(last().body.subscribe[0]?.after).toBe('e-7');
  reading(8, 'pump-a');
  await settle();
  expect(a.values).toEqual([7, 8]);
  a.connection.close();
  show('hidden');
});

test('a tab uses its own stream if the worker is missing or silent', async () => {
  dial = () => {
    throw new TypeError('no');
  };
  tab('pump-a');
  await settle();
  expect(open()).toHaveLength(1);
  dial = () => channel().near;
  tab('pump-b');
  await vi.advanceTimersByTimeAsync(3_900);
  expect(open()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(open()).toHaveLength(2);
});

function show(state: 'hidden' | 'visible'): void {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}
