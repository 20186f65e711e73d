// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, type Mock, test, vi } from 'vitest';
import { FeedClient, type Link } from '../src/feed/feed-client';
import type { ServerMessage, SubscribeRequest } from '../src/feed/subscriptions';
import type { Connection, ConnectionListener, Transport, TransportName } from '../src/feed/transport';
import { TransportFallback } from '../src/feed/transport-fallback';
import type { LiveEvent } from '../src/hub/api-types';

/** A line in the hand of the test: it carries when that says so. */
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

  async ends(openMs: number | null = null, isUnauthorized = false): Promise<void> {
    this.closed = true;
    this.listener.closed({ openMs, isUnauthorized });
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
  live.isHubThere = () => Promise.resolve(hubIsThere);
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

/** Takes the way down by one, as a network that lets this one through no more. */
async function goDown(): Promise<void> {
  hubIsThere = true;
  await connection().ends();
}

test('once it carries it asks for what is followed, and the state is read once the feed stands', () => {
  follow();
  expect(connection().asked).toEqual([{ id: 1, topics: ['telemetry'], devices: ['pump-7'], rate: 5 }]);
  expect(follower.readState).not.toHaveBeenCalled();
  subscribed('a');
  expect(follower.readState).toHaveBeenCalledTimes(1);
});

test('after a short absence it resumes from the last cursor and reads nothing anew', async () => {
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

test('a cursor that is no longer kept means reading the state anew', () => {
  follow();
  subscribed('a');
  subscribed('z', 'reset');
  expect(follower.readState).toHaveBeenCalledTimes(2);
});

test('after a long absence it reads the state anew instead of every event in between', async () => {
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

test('the pauses grow, the first loss is remembered, and the browser coming online ends the wait', async () => {
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

test('while the hub cannot be reached at all, no way is blamed for it', async () => {
  follow();
  await connection().ends(LONG);
  for (let i = 0; i < 5; i++) {
    await after(15_000);
    expect(connection().transport).toBe('websocket');
    await connection().ends();
  }
});

test('a way that the network does not let through is left for the next at once, down to the last', async () => {
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

test('when no way lets anything through it says so, and begins at the top after a pause', async () => {
  live.start();
  hubIsThere = true;
  for (let i = 0; i < 3; i++) {
    await connection().ends();
  }
  expect(link().state).toBe('lost');
  await after(15_000);
  expect(connection().transport).toBe('websocket');
});

test('a way that has worked gets a second chance, and one that has carried for long any number', async () => {
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

test('the next page begins with what worked, and tries the better ways later', async () => {
  memory.set('signalbox.transport', 'stream');
  begin();
  follow();
  expect(connection().transport).toBe('stream');
  await after(30_000);
  expect(connection().transport).toBe('websocket');
});

test('a better way takes over where the other one stands, and nothing is seen of it', async () => {
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

test('a better way that still brings nothing leaves all as it is, and is tried less and less often', async () => {
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

test('on another network the better ways are tried soon', async () => {
  memory.set('signalbox.transport', 'poll');
  begin();
  follow();
  window.dispatchEvent(new Event('online'));
  await after(2_000);
  expect(connection().transport).toBe('websocket');
});

test('what an abandoned line still says is heard no more', async () => {
  follow();
  const first = connection();
  await goDown();
  await after(15_000);
  connection().listener.opened();
  first.reads('x');
  first.listener.closed({ openMs: LONG, isUnauthorized: false });
  expect(follower.event).not.toHaveBeenCalled();
  expect(link().state).toBe('live');
});

test('a line that ends because we are signed out asks the hub who we are', async () => {
  follow();
  live.isHubThere = vi.fn(() => Promise.resolve(false));
  await connection().ends(LONG);
  expect(live.isHubThere).not.toHaveBeenCalled();
  await after(15_000);
  connection().listener.opened();
  await connection().ends(LONG, true);
  expect(live.isHubThere).toHaveBeenCalledTimes(1);
});

test('what is no longer followed is heard no more, and the line is told', () => {
  follow();
  const second = live.follow({ topics: ['presence'] }, follower);
  expect(connection().asked).toHaveLength(2);
  second.close();
  expect(connection().asked).toHaveLength(1);
  connection().reads('x', 2);
  expect(follower.event).not.toHaveBeenCalled();
});

test('a page that is seen again has its line looked after', () => {
  follow();
  document.dispatchEvent(new Event('visibilitychange'));
  expect(connection().probed).toBe(1);
});
