import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sseTransport } from '../src/feed/sse-transport';
import type { SubscribeRequest } from '../src/feed/subscriptions';
import type { Connection } from '../src/feed/transport';
import { fakeListener, fakePost, type Request } from './fake-requests';

let requests: Request[];
let subscriptions: SubscribeRequest[];
let connection: Connection;
const listener = fakeListener();
const request = () => requests.at(-1) as Request;
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  const hub = fakePost();
  requests = hub.requests;
  subscriptions = [{ id: 1, topics: ['telemetry'] }];
  connection = sseTransport(hub.post).open(() => subscriptions, listener);
});

afterEach(() => {
  connection.close();
  vi.useRealTimers();
});

async function greeted(): Promise<void> {
  request().opens();
  request().event('hello', { type: 'hello', heartbeat: 10, time: 1_000 });
  await after(0);
  connection.sync();
}

test('it sends all subscriptions in one request and is open with the first byte', async () => {
  expect(request()).toMatchObject({ path: '/events', body: { subscribe: subscriptions } });
  request().opens();
  await after(0);
  expect(listener.opened).not.toHaveBeenCalled();
  request().sends(': hello\n\n');
  await after(0);
  expect(listener.opened).toHaveBeenCalledTimes(1);
});

test('events are delivered before the cursor', async () => {
  await greeted();
  expect(listener.hubTime).toHaveBeenCalledWith(1_000);
  request().event('telemetry', { id: 1, device: 'pump-7', ts: 1, values: {} }, 'a-1');
  await after(0);
  expect(listener.message).toHaveBeenCalledWith({
    type: 'telemetry',
    id: 1,
    device: 'pump-7',
    ts: 1,
    values: {},
  });
  expect(listener.cursorReached).toHaveBeenCalledWith([1], 'a-1');
});

test('changed subscriptions replace the request, once for several changes', async () => {
  await greeted();
  const first = request();
  subscriptions = [{ id: 1, topics: ['telemetry'], after: 'a-1' }];
  connection.sync();
  await after(100);
  expect(requests).toHaveLength(1);
  subscriptions = [...subscriptions, { id: 2, topics: ['presence'] }];
  connection.sync();
  subscriptions = [...subscriptions, { id: 3, topics: ['twin'] }];
  connection.sync();
  await after(100);
  expect(requests).toHaveLength(2);
  expect(first.called).toBe(true);
  expect(request().body.subscribe).toEqual(subscriptions);
  first.event('telemetry', { id: 1 }, 'a-2');
  await after(0);
  expect(listener.message).not.toHaveBeenCalled();
  expect(listener.closed).not.toHaveBeenCalled();
});

test('a connection opened in parallel starts at the cursors of the other', async () => {
  subscriptions = [{ id: 1, topics: ['telemetry'], after: 'a-7' }];
  await greeted();
  await after(100);
  expect(requests).toHaveLength(2);
  expect(request().body.subscribe).toEqual(subscriptions);
});

test('a buffering proxy is detected: no byte within the first seconds', async () => {
  await after(8_001);
  expect(listener.closed).toHaveBeenCalledWith({ openMs: null, lastReceived: null, isUnauthorized: false });
  expect(request().called).toBe(true);
});

test('two heartbeats of silence end it, comments keep it alive', async () => {
  await greeted();
  for (let i = 0; i < 5; i++) {
    await after(15_000);
    request().sends(': \n\n');
  }
  await after(19_900);
  expect(listener.closed).not.toHaveBeenCalled();
  await after(200);
  expect(listener.closed).toHaveBeenCalledWith({
    openMs: 75_000,
    lastReceived: expect.any(Number),
    isUnauthorized: false,
  });
});

test('a stable stream that is cut resumes from its cursors without notice', async () => {
  await greeted();
  await after(6_000);
  request().sends(': \n\n');
  await after(0);
  subscriptions = [{ id: 1, topics: ['telemetry'], after: 'a-3' }];
  request().ends();
  await after(0);
  expect(requests).toHaveLength(2);
  expect(request().body.subscribe).toEqual(subscriptions);
  request().breaks();
  await after(0);
  expect(listener.closed).toHaveBeenCalledTimes(1);
});

test('a stream that is cut at once has ended', async () => {
  await greeted();
  request().breaks();
  await after(0);
  expect(listener.closed).toHaveBeenCalledWith({
    openMs: 0,
    lastReceived: expect.any(Number),
    isUnauthorized: false,
  });
});

test('status 401 means unauthorized, any other error ends it', async () => {
  request().refuses(401);
  await after(0);
  expect(listener.closed).toHaveBeenCalledWith({ openMs: null, lastReceived: null, isUnauthorized: true });
});

test('a probe reopens a silent stream, but not an active one', async () => {
  await greeted();
  connection.probe();
  expect(requests).toHaveLength(1);
  await after(6_000);
  connection.probe();
  expect(requests).toHaveLength(2);
});

test('it stays open without subscriptions, and a rejected subscription does not affect the others', async () => {
  subscriptions = [];
  await greeted();
  await after(100);
  expect(request().body.subscribe).toEqual([{ id: 0, topics: ['presence'], devices: ['nobody'] }]);
  subscriptions = [
    { id: 1, topics: ['presence'] },
    { id: 2, topics: ['telemetry'] },
  ];
  connection.sync();
  await after(100);
  request().says(
    { code: 'forbidden', detail: 'telemetry:read is needed', field: 'subscribe[1].topics' },
    403,
  );
  await after(0);
  expect(listener.message).toHaveBeenCalledWith({
    type: 'error',
    code: 'forbidden',
    message: 'telemetry:read is needed',
    id: 2,
  });
  expect(request().body.subscribe).toEqual([{ id: 1, topics: ['presence'] }]);
  expect(listener.closed).not.toHaveBeenCalled();
});
