// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { pollTransport } from '../src/feed/poll-transport';
import { SharedConnections } from '../src/feed/shared-connections';
import type { Port } from '../src/feed/shared-messages';
import { sharedTransport } from '../src/feed/shared-transport';
import { sseTransport } from '../src/feed/sse-transport';
import type { SubscribeRequest } from '../src/feed/subscriptions';
import type { Transport } from '../src/feed/transport';
import { webSocketTransport } from '../src/feed/websocket-transport';
import { fakeListener, fakePost, type Request } from './fake-requests';

const SUBSCRIPTIONS: SubscribeRequest[] = [{ id: 1, topics: ['types'] }];
const EVENTS = [
  { type: 'device-type', id: 1, name: 'valve', change: 'updated', version: 3 },
  { type: 'device', id: 1, device: 'valve-1', change: 'described' },
  { type: 'telemetry', id: 1, device: 'valve-1', ts: 1, values: { flow: '12' }, misfits: ['flow'] },
];

function opened(transport: Transport) {
  const listener = fakeListener();
  const connection = transport.open(() => SUBSCRIPTIONS, listener);
  listener.opened.mockImplementation(() => connection.sync());
  return { listener, connection };
}
const told = (listener: ReturnType<typeof fakeListener>) =>
  listener.message.mock.calls.map(([message]) => message).filter(({ type }) => type !== 'subscribed');

test('a WebSocket carries types, descriptions and misfits', () => {
  const sent: object[] = [];
  const socket = { readyState: 1, send: (text: string) => sent.push(JSON.parse(text)), close: () => {} };
  const { listener, connection } = opened(webSocketTransport(() => socket as unknown as WebSocket));
  const hub = socket as unknown as { onmessage(message: { data: string }): void };
  hub.onmessage({ data: JSON.stringify({ type: 'hello', heartbeat: 30, time: 1 }) });
  hub.onmessage({ data: JSON.stringify(EVENTS) });
  expect(sent).toContainEqual({ type: 'subscribe', id: 1, topics: ['types'] });
  expect(told(listener)).toEqual(EVENTS);
  connection.close();
});

test('an event stream carries them', async () => {
  const { requests, post } = fakePost();
  const { listener, connection } = opened(sseTransport(post));
  await streams(requests);
  await vi.waitFor(() => expect(told(listener)).toEqual(EVENTS));
  connection.close();
});

test('a long poll carries them', async () => {
  const { requests, post } = fakePost();
  const { listener, connection } = opened(pollTransport(post));
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  expect(requests[0]?.body.subscribe).toEqual(SUBSCRIPTIONS);
  requests[0]?.says({ cursor: 'e-1', time: 1, events: EVENTS });
  await vi.waitFor(() => expect(told(listener)).toEqual(EVENTS));
  connection.close();
});

test('the worker that tabs share carries them', async () => {
  const { requests, post } = fakePost();
  const worker = new SharedConnections({ stream: sseTransport(post) });
  const [near, far] = [{}, {}] as [Port, Port];
  near.postMessage = (data) => queueMicrotask(() => far.onmessage?.({ data } as MessageEvent));
  far.postMessage = (data) => queueMicrotask(() => near.onmessage?.({ data } as MessageEvent));
  near.close = () => {};
  far.close = () => {};
  worker.connect(far);
  const shared = sharedTransport(
    sseTransport(post),
    () => near,
    () => 'admin',
  );
  const { listener, connection } = opened(shared);
  await streams(requests);
  await vi.waitFor(() => expect(requests.length).toBeGreaterThan(1));
  await streams(requests);
  await vi.waitFor(() => expect(told(listener)).toEqual(EVENTS));
  connection.close();
});

/** Answers the newest request as a stream with the events, if it has the subscription. */
async function streams(requests: Request[]): Promise<void> {
  await vi.waitFor(() => expect(requests.length).toBeGreaterThan(0));
  const request = requests.at(-1) as Request;
  request.opens();
  request.event('hello', { heartbeat: 15, time: 1 });
  const topics = request.body.subscribe.flatMap((one) => one.topics);
  for (const { type, ...event } of topics.includes('types') ? EVENTS : []) {
    request.event(type, { ...event, id: request.body.subscribe[0]?.id });
  }
}
