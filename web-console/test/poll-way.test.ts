import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pollWay } from '../src/live/poll-way';
import type { Wish } from '../src/live/subscriptions';
import type { Line } from '../src/live/way';
import { fakePost, type Request } from './requests';

let requests: Request[];
let wishes: Wish[];
let line: Line;
const ear = { carries: vi.fn(), hubTime: vi.fn(), told: vi.fn(), reached: vi.fn(), ended: vi.fn() };
const request = () => requests.at(-1) as Request;
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  const hub = fakePost();
  requests = hub.requests;
  wishes = [{ id: 1, topics: ['telemetry'] }];
  ear.reached.mockImplementation((ids: number[], cursor: string) => {
    wishes = wishes.map((wish) => (ids.includes(wish.id) ? { ...wish, after: cursor } : wish));
  });
  line = pollWay(hub.post).open(() => wishes, ear);
});

afterEach(() => {
  line.close();
  vi.useRealTimers();
});

/** The hub answers the poll, and the next one is under way. */
async function answers(cursor: string, ...events: object[]): Promise<void> {
  request().says({ cursor, time: 1_000, events });
  await after(0);
  line.carry();
  await after(250);
}

test('the first poll is not held, and says where the feed stands; the next one is', async () => {
  expect(request()).toMatchObject({ path: '/events/poll', body: { subscribe: wishes, wait: 0 } });
  await answers('a-1');
  expect(ear.carries).toHaveBeenCalledTimes(1);
  expect(ear.hubTime).toHaveBeenCalledWith(1_000);
  expect(ear.told).toHaveBeenCalledWith({ type: 'subscribed', id: 1, cursor: 'a-1' });
  expect(request().body).toEqual({ subscribe: [{ id: 1, topics: ['telemetry'], after: 'a-1' }], wait: 20 });
});

test('events are told, then how far all are, and the next poll goes on from there', async () => {
  await answers('a-1');
  await answers('a-2', { type: 'presence', id: 1 }, { type: 'telemetry', id: 1 });
  expect(ear.told).toHaveBeenCalledTimes(3);
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
  line.carry();
  await after(50);
  expect(held.called).toBe(true);
  expect(request().body.wait).toBe(0);
  await answers('a-2');
  const polls = requests.length;
  wishes = wishes.slice(1);
  line.carry();
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
  expect(ear.ended).not.toHaveBeenCalled();
});

test('a hub that answers no more is noticed within two intervals', async () => {
  await answers('a-1');
  await after(25_000);
  expect(ear.ended).not.toHaveBeenCalled();
  await after(5_001);
  expect(ear.ended).toHaveBeenCalledTimes(1);
});

test('a refusal ends it, and 401 shuts out', async () => {
  await answers('a-1');
  request().refuses(401);
  await after(0);
  expect(ear.ended).toHaveBeenCalledWith({ carriedMs: 0, isShutOut: true });
});

test('a first poll that is not answered is no way', async () => {
  await after(5_001);
  expect(ear.ended).toHaveBeenCalledWith({ carriedMs: null, isShutOut: false });
});

test('of a subscription that is refused the others go on', async () => {
  wishes = [...wishes, { id: 2, topics: ['presence'] }];
  line.carry();
  await after(50);
  request().says(
    { code: 'forbidden', detail: 'telemetry:read is needed', field: 'subscribe[0].topics' },
    403,
  );
  await after(0);
  expect(ear.told).toHaveBeenCalledWith(expect.objectContaining({ type: 'error', id: 1 }));
  expect(request().body.subscribe).toEqual([{ id: 2, topics: ['presence'] }]);
  expect(ear.ended).not.toHaveBeenCalled();
});
