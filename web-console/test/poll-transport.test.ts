import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pollTransport } from '../src/feed/poll-transport';
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
  listener.cursorReached.mockImplementation((ids: number[], cursor: string) => {
    subscriptions = subscriptions.map((one) => (ids.includes(one.id) ? { ...one, after: cursor } : one));
  });
  connection = pollTransport(hub.post).open(() => subscriptions, listener);
});

afterEach(() => {
  connection.close();
  vi.useRealTimers();
});

/** Answers the poll and waits for the next one. */
async function answers(cursor: string, ...events: object[]): Promise<void> {
  request().says({ cursor, time: 1_000, events });
  await after(0);
  connection.sync();
  await after(250);
}

test('the first poll is not held and gives the cursor; the next one is held', async () => {
  expect(request()).toMatchObject({ path: '/events/poll', body: { subscribe: subscriptions, wait: 0 } });
  await answers('a-1');
  expect(listener.opened).toHaveBeenCalledTimes(1);
  expect(listener.hubTime).toHaveBeenCalledWith(1_000);
  expect(listener.message).toHaveBeenCalledWith({ type: 'subscribed', id: 1, cursor: 'a-1' });
  expect(request().body).toEqual({ subscribe: [{ id: 1, topics: ['telemetry'], after: 'a-1' }], wait: 20 });
});

test('events are delivered, then the cursor, from which the next poll continues', async () => {
  await answers('a-1');
  await answers('a-2', { type: 'presence', id: 1 }, { type: 'telemetry', id: 1 });
  expect(listener.message).toHaveBeenCalledTimes(3);
  expect(request().body.subscribe).toMatchObject([{ id: 1, after: 'a-2' }]);
});

test('a busy feed is polled five times per second', async () => {
  await answers('a-1');
  for (let passed = 0; passed < 2_000; passed += 10) {
    request().says({ cursor: 'a-2', events: [{ type: 'telemetry', id: 1 }] });
    await after(10);
  }
  expect(requests.length).toBeLessThan(13);
});

test('a new subscription replaces the held poll, a removed one does not', async () => {
  await answers('a-1');
  const held = request();
  subscriptions = [...subscriptions, { id: 2, topics: ['presence'] }];
  connection.sync();
  await after(50);
  expect(held.called).toBe(true);
  expect(request().body.wait).toBe(0);
  await answers('a-2');
  const polls = requests.length;
  subscriptions = subscriptions.slice(1);
  connection.sync();
  await after(50);
  expect(requests).toHaveLength(polls);
});

test('after a poll is cut early, the next ones have a shorter hold time', async () => {
  await answers('a-1');
  await after(9_000);
  request().refuses(504);
  await after(0);
  expect(request().body.wait).toBe(0);
  await answers('a-1');
  expect(request().body.wait).toBe(4);
  expect(listener.closed).not.toHaveBeenCalled();
});

test('a silent hub is detected within two intervals', async () => {
  await answers('a-1');
  await after(25_000);
  expect(listener.closed).not.toHaveBeenCalled();
  await after(5_001);
  expect(listener.closed).toHaveBeenCalledTimes(1);
});

test('an error ends it, and 401 means unauthorized', async () => {
  await answers('a-1');
  request().refuses(401);
  await after(0);
  expect(listener.closed).toHaveBeenCalledWith({
    openMs: 0,
    lastReceived: expect.any(Number),
    isUnauthorized: true,
  });
});

test('an unanswered first poll fails the transport', async () => {
  await after(5_001);
  expect(listener.closed).toHaveBeenCalledWith({ openMs: null, lastReceived: null, isUnauthorized: false });
});

test('a rejected subscription does not affect the others', async () => {
  subscriptions = [...subscriptions, { id: 2, topics: ['presence'] }];
  connection.sync();
  await after(50);
  request().says(
    { code: 'forbidden', detail: 'telemetry:read is needed', field: 'subscribe[0].topics' },
    403,
  );
  await after(0);
  expect(listener.message).toHaveBeenCalledWith(expect.objectContaining({ type: 'error', id: 1 }));
  expect(request().body.subscribe).toEqual([{ id: 2, topics: ['presence'] }]);
  expect(listener.closed).not.toHaveBeenCalled();
});
