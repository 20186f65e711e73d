// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, type Mock, test, vi } from 'vitest';
import { FeedClient, type Link } from '../src/feed/feed-client';
import type { ServerMessage, SubscribeRequest } from '../src/feed/subscriptions';
import type { Connection, ConnectionListener, Transport, TransportName } from '../src/feed/transport';
import { TransportFallback } from '../src/feed/transport-fallback';
import type { LiveEvent } from '../src/hub/api-types';

/** Connection controlled by the test. */
class FakeConnection implements Connection {
  closed = false;
  probed = 0;
  asked: SubscribeRequest[] = [];

  constructor(
    readonly transport: TransportName,
    readonly requests: () => SubscribeRequest[],
    readonly listener: ConnectionListener,
  ) {}

  sync(): void {
    this.asked = this.requests();
  }

  probe(): void {
    this.probed++;
  }

  close(): void {
    this.closed = true;
  }

  reads(cursor: string, id = 1): void {
    this.listener.message({ type: 'telemetry', id, cursor, device: 'pump-7', ts: 1, values: { flow: 1 } });
  }

  async ends(
    openMs: number | null = null,
    isUnauthorized = false,
    lastReceived: number | null = null,
  ): Promise<void> {
    this.closed = true;
    this.listener.closed({ openMs, lastReceived, isUnauthorized });
    await vi.advanceTimersByTimeAsync(0);
  }
}

let connections: FakeConnection[];
let links: Link[];
let memory: Map<string, string>;
let live: FeedClient;
let follower: { readState: Mock<() => void>; event: Mock<(event: LiveEvent) => void> };
let hubIsThere: boolean;
const connection = () => connections.at(-1) as FakeConnection;
const link = () => links.at(-1) as Link;
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const LONG = 60_000;

function fakeTransport(name: TransportName): Transport {
  return {
    name,
    open: (requests, listener) => {
      connections.push(new FakeConnection(name, requests, listener));
      return connection();
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  connections = [];
  links = [];
  hubIsThere = false;
  memory = new Map();
  begin();
});

function begin(): void {
  const storage = {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => void memory.set(key, value),
  };
  live = new FeedClient(
    { websocket: fakeTransport('websocket'), stream: fakeTransport('stream'), poll: fakeTransport('poll') },
    new TransportFallback(storage),
    () => 0.5,
  );
  live.onLink = (state) => links.push(state);
  live.isHubReachable = () => Promise.resolve(hubIsThere);
  follower = { readState: vi.fn(), event: vi.fn() };
}

afterEach(() => {
  live.stop();
  vi.useRealTimers();
});

function follow(): void {
  live.start();
  live.follow({ topics: ['telemetry'], devices: ['pump-7'], rate: 5 }, follower);
  connection().listener.opened();
}

function subscribed(cursor: string, type: 'subscribed' | 'reset' = 'subscribed'): void {
  connection().listener.message({ type, id: 1, cursor } as ServerMessage);
}

/** Fails the current transport, as if the network blocked it. */
async function goDown(): Promise<void> {
  hubIsThere = true;
  await connection().ends();
}

test('once open it subscribes, and the state is loaded when the subscription is active', () => {
  follow();
  expect(connection().asked).toEqual([{ id: 1, topics: ['telemetry'], devices: ['pump-7'], rate: 5 }]);
  expect(follower.readState).not.toHaveBeenCalled();
  subscribed('a');
  expect(follower.readState).toHaveBeenCalledTimes(1);
});

test('after a short disconnection it resumes from the last cursor without reloading', async () => {
  follow();
  subscribed('a');
  connection().reads('b');
  await connection().ends(LONG);
  expect(link().state).toBe('lost');
  await after(300);
  connection().listener.opened();
  expect(connection().asked).toMatchObject([{ id: 1, after: 'b' }]);
  subscribed('b');
  expect(follower.readState).toHaveBeenCalledTimes(1);
});

test('an expired cursor causes a reload of the state', () => {
  follow();
  subscribed('a');
  subscribed('z', 'reset');
  expect(follower.readState).toHaveBeenCalledTimes(2);
});

test('after a long disconnection it reloads the state instead of the missed events', async () => {
  follow();
  subscribed('a');
  await connection().ends(LONG);
  for (let passed = 0; passed < 70_000; passed += 1000) {
    await after(1000);
    if (!connection().closed) {
      await connection().ends();
    }
  }
  live.retryNow();
  connection().listener.opened();
  expect(connection().asked[0]).not.toHaveProperty('after');
});

test('delays grow, the time of the first loss is kept, and an online event reconnects at once', async () => {
  follow();
  const lostAt = Date.now();
  await connection().ends(LONG);
  for (let attempt = 1; attempt <= 4; attempt++) {
    await vi.advanceTimersToNextTimerAsync();
    await connection().ends();
  }
  expect(link()).toMatchObject({ state: 'lost', since: lostAt, attempt: 5 });
  const before = connections.length;
  window.dispatchEvent(new Event('online'));
  expect(connections.length).toBe(before + 1);
  connection().listener.opened();
  expect(link().state).toBe('live');
});

test('a silent connection was lost at its last data, not when the silence was noticed', async () => {
  follow();
  const lastReceived = Date.now();
  await vi.advanceTimersByTimeAsync(15_000);
  await connection().ends(LONG, false, lastReceived);
  expect(link()).toMatchObject({ state: 'lost', since: lastReceived });
});

test('an unreachable hub does not count as a transport failure', async () => {
  follow();
  await connection().ends(LONG);
  for (let i = 0; i < 5; i++) {
    await after(15_000);
    expect(connection().transport).toBe('websocket');
    await connection().ends();
  }
});

test('a blocked transport is replaced by the next at once, down to the last', async () => {
  live.start();
  hubIsThere = true;
  await connection().ends();
  expect(connection().transport).toBe('stream');
  await connection().ends();
  expect(connection().transport).toBe('poll');
  expect(links).toEqual([]);
  connection().listener.opened();
  expect(link()).toMatchObject({ state: 'live', transport: 'poll' });
  expect(memory.get('signalbox.transport')).toBe('poll');
});

test('when all transports fail it reports the loss and starts over after a delay', async () => {
  live.start();
  hubIsThere = true;
  for (let i = 0; i < 3; i++) {
    await connection().ends();
  }
  expect(link().state).toBe('lost');
  await after(15_000);
  expect(connection().transport).toBe('websocket');
});

test('a transport that has worked gets a second try, one with a long connection any number', async () => {
  follow();
  hubIsThere = true;
  for (let i = 0; i < 5; i++) {
    await connection().ends(LONG);
    await after(15_000);
    expect(connection().transport).toBe('websocket');
    connection().listener.opened();
  }
  await connection().ends(10);
  await after(15_000);
  expect(connection().transport).toBe('websocket');
  await connection().ends(10);
  expect(connection().transport).toBe('stream');
});

test('the next page starts with the working transport and tries better ones later', async () => {
  memory.set('signalbox.transport', 'stream');
  begin();
  follow();
  expect(connection().transport).toBe('stream');
  await after(30_000);
  expect(connection().transport).toBe('websocket');
});

test('a better transport takes over at the current cursor without a visible change', async () => {
  memory.set('signalbox.transport', 'poll');
  begin();
  follow();
  const poll = connection();
  subscribed('a');
  poll.reads('b');
  await after(30_000);
  const socket = connection();
  expect(socket.transport).toBe('websocket');
  poll.reads('c');
  socket.listener.opened();
  expect(poll.closed).toBe(true);
  expect(socket.asked).toMatchObject([{ id: 1, after: 'c' }]);
  poll.reads('d');
  socket.reads('d');
  expect(follower.event).toHaveBeenCalledTimes(3);
  expect(follower.readState).toHaveBeenCalledTimes(1);
  expect(links.map((one) => one.state)).toEqual(['live', 'live']);
  expect(link()).toMatchObject({ transport: 'websocket' });
  await socket.ends(LONG);
  expect(link().state).toBe('lost');
});

test('a failed try of a better transport changes nothing and is repeated with growing delays', async () => {
  memory.set('signalbox.transport', 'poll');
  begin();
  follow();
  const poll = connection();
  const triedAt: number[] = [];
  for (let i = 0; i < 4; i++) {
    const before = connections.length;
    while (connections.length === before) {
      await after(1_000);
    }
    triedAt.push(Date.now());
    expect(connection().transport).toBe('websocket');
    await connection().ends();
    expect(connection().transport).toBe('stream');
    await connection().ends();
  }
  const pauses = triedAt.slice(1).map((at, i) => at - (triedAt[i] as number));
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(pauses[2]).toBeGreaterThan(2 * (pauses[0] as number));
  expect(poll.closed).toBe(false);
  expect(links).toHaveLength(1);
});

test('after a network change better transports are tried soon', async () => {
  memory.set('signalbox.transport', 'poll');
  begin();
  follow();
  window.dispatchEvent(new Event('online'));
  await after(2_000);
  expect(connection().transport).toBe('websocket');
});

test('messages of an abandoned connection are ignored', async () => {
  follow();
  const first = connection();
  await goDown();
  await after(15_000);
  connection().listener.opened();
  first.reads('x');
  first.listener.closed({ openMs: LONG, lastReceived: null, isUnauthorized: false });
  expect(follower.event).not.toHaveBeenCalled();
  expect(link().state).toBe('live');
});

test('a connection closed for lack of authorization checks the session', async () => {
  follow();
  live.isHubReachable = vi.fn(() => Promise.resolve(false));
  await connection().ends(LONG);
  expect(live.isHubReachable).not.toHaveBeenCalled();
  await after(15_000);
  connection().listener.opened();
  await connection().ends(LONG, true);
  expect(live.isHubReachable).toHaveBeenCalledTimes(1);
});

test('a closed subscription receives no events and is removed from the connection', () => {
  follow();
  const second = live.follow({ topics: ['presence'] }, follower);
  expect(connection().asked).toHaveLength(2);
  second.close();
  expect(connection().asked).toHaveLength(1);
  connection().reads('x', 2);
  expect(follower.event).not.toHaveBeenCalled();
});

test('a page that becomes visible again probes its connection', () => {
  follow();
  document.dispatchEvent(new Event('visibilitychange'));
  expect(connection().probed).toBe(1);
});
