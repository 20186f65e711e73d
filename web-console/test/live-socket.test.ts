// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Follower, type Link, LiveSocket } from '../src/live/live-socket';

/** The hub's end of a line, in the hand of the test. */
class Line {
  readyState = 1;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((closing: { code: number }) => void) | null = null;
  readonly said: Record<string, unknown>[] = [];
  closed = false;

  send(text: string): void {
    this.said.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  hub(...frames: object[]): void {
    this.onmessage?.({ data: JSON.stringify(frames.length === 1 ? frames[0] : frames) });
  }

  cut(code = 1006): void {
    this.onclose?.({ code });
  }

  greet(): void {
    this.hub({ type: 'hello', epoch: '1', heartbeat: 30, time: Date.now() });
  }

  asked(type: string): Record<string, unknown>[] {
    return this.said.filter((frame) => frame.type === type);
  }
}

let lines: Line[];
let links: Link[];
let live: LiveSocket;
let follower: { readState: ReturnType<typeof vi.fn>; event: ReturnType<typeof vi.fn> };
const line = () => lines.at(-1) as Line;

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  links = [];
  live = new LiveSocket(
    () => {
      lines.push(new Line());
      return line() as unknown as WebSocket;
    },
    () => 0.5,
  );
  live.onLink = (link) => links.push(link);
  follower = { readState: vi.fn(), event: vi.fn() };
});

afterEach(() => {
  live.stop();
  vi.useRealTimers();
});

function follow(): void {
  live.start();
  live.follow({ topics: ['telemetry'], devices: ['pump-7'], rate: 5 }, follower as unknown as Follower);
  line().greet();
}

const reading = (cursor: string) => ({
  type: 'telemetry',
  id: 1,
  cursor,
  device: 'pump-7',
  ts: 1,
  values: { flow: 1 },
});

test('it subscribes once it is greeted, and reads the state once the feed stands', () => {
  follow();
  expect(line().asked('subscribe')).toEqual([
    { type: 'subscribe', id: 1, topics: ['telemetry'], devices: ['pump-7'], rate: 5 },
  ]);
  expect(follower.readState).not.toHaveBeenCalled();
  line().hub({ type: 'subscribed', id: 1, cursor: 'a' });
  expect(follower.readState).toHaveBeenCalledTimes(1);
});

test('events come singly and in arrays', () => {
  follow();
  line().hub(reading('b'));
  line().hub(reading('c'), reading('d'));
  expect(follower.event).toHaveBeenCalledTimes(3);
});

test('after a short absence it resumes from the last cursor and reads nothing anew', () => {
  follow();
  line().hub({ type: 'subscribed', id: 1, cursor: 'a' });
  line().hub(reading('b'));
  line().cut();
  vi.advanceTimersByTime(300);
  line().greet();
  expect(line().asked('subscribe')[0]).toMatchObject({ id: 1, after: 'b' });
  line().hub({ type: 'subscribed', id: 1, cursor: 'b' });
  expect(follower.readState).toHaveBeenCalledTimes(1);
});

test('a cursor that is no longer kept means reading the state anew', () => {
  follow();
  line().hub({ type: 'subscribed', id: 1, cursor: 'a' });
  line().hub({ type: 'reset', id: 1, cursor: 'z' });
  expect(follower.readState).toHaveBeenCalledTimes(2);
});

test('after a long absence it reads the state anew instead of every event in between', () => {
  follow();
  line().hub({ type: 'subscribed', id: 1, cursor: 'a' });
  line().cut();
  for (let passed = 0; passed < 70_000; passed += 1000) {
    vi.advanceTimersByTime(1000);
    line().cut();
  }
  live.retryNow();
  line().greet();
  expect(line().asked('subscribe')[0]).not.toHaveProperty('after');
});

test('the pauses grow, the first loss is remembered, and the browser coming online ends the wait', () => {
  follow();
  const lostAt = Date.now();
  line().cut();
  for (let attempt = 1; attempt <= 4; attempt++) {
    vi.advanceTimersToNextTimer();
    line().cut();
  }
  const link = links.at(-1);
  expect(link).toMatchObject({ state: 'lost', since: lostAt, attempt: 5 });
  const before = lines.length;
  window.dispatchEvent(new Event('online'));
  expect(lines.length).toBe(before + 1);
  line().greet();
  expect(links.at(-1)?.state).toBe('live');
});

test('a line that falls silent is given up within two heartbeats', () => {
  follow();
  const silent = line();
  vi.advanceTimersByTime(10_001);
  expect(silent.asked('ping')).toHaveLength(1);
  silent.hub({ type: 'pong' });
  vi.advanceTimersByTime(14_000);
  expect(links.at(-1)?.state).toBe('live');
  vi.advanceTimersByTime(20_000);
  expect(links.at(-1)?.state).toBe('lost');
  expect(silent.closed).toBe(true);
});

test('a line that never greets is given up as well', () => {
  live.start();
  vi.advanceTimersByTime(10_001);
  expect(links.at(-1)?.state).toBe('lost');
});

test('a handshake that fails makes it ask whether we are still signed in', () => {
  live.onDoorShut = vi.fn();
  live.start();
  line().cut();
  expect(live.onDoorShut).toHaveBeenCalledTimes(1);
});

test('what is no longer followed is told to the hub and heard no more', () => {
  follow();
  const second = live.follow({ topics: ['presence'] }, follower as unknown as Follower);
  second.close();
  expect(line().asked('unsubscribe')).toEqual([{ type: 'unsubscribe', id: 2 }]);
  line().hub({ ...reading('x'), id: 2 });
  expect(follower.event).not.toHaveBeenCalled();
});
