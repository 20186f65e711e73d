import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sseTransport } from '../src/feed/sse-transport';
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
  line = sseTransport(hub.post).open(() => wishes, listener);
});

afterEach(() => {
  line.close();
  vi.useRealTimers();
});

async function greeted(): Promise<void> {
  request().opens();
  request().event('hello', { type: 'hello', heartbeat: 10, time: 1_000 });
  await after(0);
  line.sync();
}

test('it asks for all subscriptions in one request, and carries with the first byte', async () => {
  expect(request()).toMatchObject({ path: '/events', body: { subscribe: wishes } });
  request().opens();
  await after(0);
  expect(listener.opened).not.toHaveBeenCalled();
  request().sends(': hello\n\n');
  await after(0);
  expect(listener.opened).toHaveBeenCalledTimes(1);
});

test('events are told, and then how far all subscriptions are', async () => {
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

test('when the subscriptions change another request takes its place, once for several changes', async () => {
  await greeted();
  const first = request();
  wishes = [{ id: 1, topics: ['telemetry'], after: 'a-1' }];
  line.sync();
  await after(100);
  expect(requests).toHaveLength(1);
  wishes = [...wishes, { id: 2, topics: ['presence'] }];
  line.sync();
  wishes = [...wishes, { id: 3, topics: ['twin'] }];
  line.sync();
  await after(100);
  expect(requests).toHaveLength(2);
  expect(first.called).toBe(true);
  expect(request().body.subscribe).toEqual(wishes);
  first.event('telemetry', { id: 1 }, 'a-2');
  await after(0);
  expect(listener.message).not.toHaveBeenCalled();
  expect(listener.closed).not.toHaveBeenCalled();
});

test('one that was tried beside another line begins where that one has ended', async () => {
  wishes = [{ id: 1, topics: ['telemetry'], after: 'a-7' }];
  await greeted();
  await after(100);
  expect(requests).toHaveLength(2);
  expect(request().body.subscribe).toEqual(wishes);
});

test('a proxy that holds back what comes is no way: not a byte within the first seconds', async () => {
  await after(8_001);
  expect(listener.closed).toHaveBeenCalledWith({ openMs: null, isUnauthorized: false });
  expect(request().called).toBe(true);
});

test('silence for two heartbeats ends it, a comment keeps it', async () => {
  await greeted();
  for (let i = 0; i < 5; i++) {
    await after(15_000);
    request().sends(': \n\n');
  }
  await after(19_900);
  expect(listener.closed).not.toHaveBeenCalled();
  await after(200);
  expect(listener.closed).toHaveBeenCalledWith({ openMs: 75_000, isUnauthorized: false });
});

test('one that has carried and is cut goes on at once from its cursors, and nobody is told', async () => {
  await greeted();
  await after(6_000);
  request().sends(': \n\n');
  await after(0);
  wishes = [{ id: 1, topics: ['telemetry'], after: 'a-3' }];
  request().ends();
  await after(0);
  expect(requests).toHaveLength(2);
  expect(request().body.subscribe).toEqual(wishes);
  request().breaks();
  await after(0);
  expect(listener.closed).toHaveBeenCalledTimes(1);
});

test('one that is cut as soon as it stands has ended', async () => {
  await greeted();
  request().breaks();
  await after(0);
  expect(listener.closed).toHaveBeenCalledWith({ openMs: 0, isUnauthorized: false });
});

test('an answer of 401 shuts out, any other refusal is an end', async () => {
  request().refuses(401);
  await after(0);
  expect(listener.closed).toHaveBeenCalledWith({ openMs: null, isUnauthorized: true });
});

test('a page that is seen again after a while begins anew, one that was heard just now does not', async () => {
  await greeted();
  line.probe();
  expect(requests).toHaveLength(1);
  await after(6_000);
  line.probe();
  expect(requests).toHaveLength(2);
});

test('without subscriptions the line is kept, and of one that is refused the others go on', async () => {
  wishes = [];
  await greeted();
  await after(100);
  expect(request().body.subscribe).toEqual([{ id: 0, topics: ['presence'], devices: ['nobody'] }]);
  wishes = [
    { id: 1, topics: ['presence'] },
    { id: 2, topics: ['telemetry'] },
  ];
  line.sync();
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
