import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pollTransport } from '../src/feed/poll-transport';
import type { SubscribeRequest } from '../src/feed/subscriptions';
import type { Connection } from '../src/feed/transport';
import { fakePost, type Request } from './fake-requests';

let requests: Request[];
let wishes: SubscribeRequest[];
let line: Connection;
const listener = {
  opened: vi.fn(),
  hubTime: vi.fn(),
  message: vi.fn(),
  cursorReached: vi.fn(),
  closed: vi.fn(),
};
const request = () => requests.at(-1) as Request;
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  const hub = fakePost();
  requests = hub.requests;
  wishes = [{ id: 1, topics: ['telemetry'] }];
  listener.cursorReached.mockImplementation((ids: number[], cursor: string) => {
    wishes = wishes.map((wish) => (ids.includes(wish.id) ? { ...wish, after: cursor } : wish));
  });
  line = pollTransport(hub.post).open(() => wishes, listener);
});

afterEach(() => {
  line.close();
  vi.useRealTimers();
});

/** The hub answers the poll, and the next one is under way. */
async function answers(cursor: string, ...events: object[]): Promise<void> {
  request().says({ cursor, time: 1_000, events });
  await after(0);
  line.sync();
  await after(250);
}

test('the first poll is not held, and says where the feed stands; the next one is', async () => {
  expect(request()).toMatchObject({ path: '/events/poll', body: { subscribe: wishes, wait: 0 } });
  await answers('a-1');
  expect(listener.opened).toHaveBeenCalledTimes(1);
  expect(listener.hubTime).toHaveBeenCalledWith(1_000);
  expect(listener.message).toHaveBeenCalledWith({ type: 'subscribed', id: 1, cursor: 'a-1' });
  expect(request().body).toEqual({ subscribe: [{ id: 1, topics: ['telemetry'], after: 'a-1' }], wait: 20 });
});

test('events are told, then how far all are, and the next poll goes on from there', async () => {
  await answers('a-1');
  await answers('a-2', { type: 'presence', id: 1 }, { type: 'telemetry', id: 1 });
  expect(listener.message).toHaveBeenCalledTimes(3);
  expect(request().body.subscribe).toMatchObject([{ id: 1, after: 'a-2' }]);
});

test('a feed that is never still is asked five times a second', async () => {
  await answers('a-1');
  for (let passed = 0; passed < 2_000; passed += 10) {
    request().says({ cursor: 'a-2', events: [{ type: 'telemetry', id: 1 }] });
    await after(10);
  }
  expect(requests.length).toBeLessThan(13);
});

test('a new subscription calls the held poll back, and what is gone does not', async () => {
  await answers('a-1');
  const held = request();
  wishes = [...wishes, { id: 2, topics: ['presence'] }];
  line.sync();
  await after(50);
  expect(held.called).toBe(true);
  expect(request().body.wait).toBe(0);
  await answers('a-2');
  const polls = requests.length;
  wishes = wishes.slice(1);
  line.sync();
  await after(50);
  expect(requests).toHaveLength(polls);
});

test('where a poll is cut before its time, the next ones are held for less', async () => {
  await answers('a-1');
  await after(9_000);
  request().refuses(504);
  await after(0);
  expect(request().body.wait).toBe(0);
  await answers('a-1');
  expect(request().body.wait).toBe(4);
  expect(listener.closed).not.toHaveBeenCalled();
});

test('a hub that answers no more is noticed within two intervals', async () => {
  await answers('a-1');
  await after(25_000);
  expect(listener.closed).not.toHaveBeenCalled();
  await after(5_001);
  expect(listener.closed).toHaveBeenCalledTimes(1);
});

test('a refusal ends it, and 401 shuts out', async () => {
  await answers('a-1');
  request().refuses(401);
  await after(0);
  expect(listener.closed).toHaveBeenCalledWith({ openMs: 0, isUnauthorized: true });
});

test('a first poll that is not answered is no way', async () => {
  await after(5_001);
  expect(listener.closed).toHaveBeenCalledWith({ openMs: null, isUnauthorized: false });
});

test('of a subscription that is refused the others go on', async () => {
  wishes = [...wishes, { id: 2, topics: ['presence'] }];
  line.sync();
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
