import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SubscribeRequest } from '../src/feed/subscriptions';
import type { Connection } from '../src/feed/transport';
import { webSocketTransport } from '../src/feed/websocket-transport';
import { fakeListener } from './fake-requests';

/** Server side of a WebSocket, controlled by the test. */
class HubEnd {
  readyState = 1;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((closing: { code: number }) => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  says(...frames: object[]): void {
    this.onmessage?.({ data: JSON.stringify(frames.length === 1 ? frames[0] : frames) });
  }

  greets(): void {
    this.says({ type: 'hello', epoch: '1', heartbeat: 30, time: 1_000 });
  }

  asked(type: string): Record<string, unknown>[] {
    return this.sent.filter((frame) => frame.type === type);
  }
}

let hub: HubEnd;
let requests: SubscribeRequest[];
let connection: Connection;
const listener = fakeListener();
const telemetry: SubscribeRequest = { id: 1, topics: ['telemetry'], after: 'a' };

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  hub = new HubEnd();
  requests = [telemetry];
  connection = webSocketTransport(() => hub as unknown as WebSocket).open(() => requests, listener);
});

afterEach(() => {
  connection.close();
  vi.useRealTimers();
});

test('it is open after hello and sends subscription changes', () => {
  expect(listener.opened).not.toHaveBeenCalled();
  hub.greets();
  expect(listener.opened).toHaveBeenCalledTimes(1);
  expect(listener.hubTime).toHaveBeenCalledWith(1_000);
  connection.sync();
  requests = [{ id: 2, topics: ['presence'] }];
  connection.sync();
  expect(hub.sent).toEqual([
    { type: 'subscribe', id: 1, topics: ['telemetry'], after: 'a' },
    { type: 'unsubscribe', id: 1 },
    { type: 'subscribe', id: 2, topics: ['presence'] },
  ]);
});

test('events arrive singly and in arrays', () => {
  hub.greets();
  hub.says({ type: 'telemetry', id: 1 });
  hub.says({ type: 'telemetry', id: 1 }, { type: 'presence', id: 1 });
  expect(listener.message).toHaveBeenCalledTimes(3);
});

test('a silent connection is closed within two heartbeats', () => {
  hub.greets();
  vi.advanceTimersByTime(10_001);
  expect(hub.asked('ping')).toHaveLength(1);
  hub.says({ type: 'pong' });
  vi.advanceTimersByTime(14_000);
  expect(listener.closed).not.toHaveBeenCalled();
  vi.advanceTimersByTime(20_000);
  expect(listener.closed).toHaveBeenCalledWith({
    openMs: 10_001,
    lastReceived: expect.any(Number),
    isUnauthorized: false,
  });
  expect(hub.closed).toBe(true);
});

test('a connection without hello is closed', () => {
  vi.advanceTimersByTime(10_001);
  expect(listener.closed).toHaveBeenCalledWith({ openMs: null, lastReceived: null, isUnauthorized: false });
});

test('an expired session means unauthorized', () => {
  hub.greets();
  hub.onclose?.({ code: 4401 });
  expect(listener.closed).toHaveBeenCalledWith({
    openMs: 0,
    lastReceived: expect.any(Number),
    isUnauthorized: true,
  });
});
