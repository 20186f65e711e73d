// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, type Mock, test, vi } from 'vitest';
import type { LiveEvent } from '../src/hub/shapes';
import { Ladder } from '../src/live/ladder';
import { type Link, Live } from '../src/live/live';
import type { Told, Wish } from '../src/live/subscriptions';
import type { Ear, Line, Way, WayName } from '../src/live/way';

/** A line in the hand of the test: it carries when that says so. */
class Wire implements Line {
  closed = false;
  probed = 0;
  asked: Wish[] = [];

  constructor(
    readonly way: WayName,
    readonly wishes: () => Wish[],
    readonly ear: Ear,
  ) {}

  carry(): void {
    this.asked = this.wishes();
  }

  probe(): void {
    this.probed++;
  }

  close(): void {
    this.closed = true;
  }

  reads(cursor: string, id = 1): void {
    this.ear.told({ type: 'telemetry', id, cursor, device: 'pump-7', ts: 1, values: { flow: 1 } });
  }

  async ends(carriedMs: number | null = null, isShutOut = false): Promise<void> {
    this.closed = true;
    this.ear.ended({ carriedMs, isShutOut });
    await vi.advanceTimersByTimeAsync(0);
  }
}

let wires: Wire[];
let links: Link[];
let memory: Map<string, string>;
let live: Live;
let follower: { readState: Mock<() => void>; event: Mock<(event: LiveEvent) => void> };
let hubIsThere: boolean;
const wire = () => wires.at(-1) as Wire;
const link = () => links.at(-1) as Link;
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const LONG = 60_000;

function wayTo(name: WayName): Way {
  return {
    name,
    open: (wishes, ear) => {
      wires.push(new Wire(name, wishes, ear));
      return wire();
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  wires = [];
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
  live = new Live(
    { websocket: wayTo('websocket'), stream: wayTo('stream'), poll: wayTo('poll') },
    new Ladder(storage),
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
  wire().ear.carries();
}

function subscribed(cursor: string, type: 'subscribed' | 'reset' = 'subscribed'): void {
  wire().ear.told({ type, id: 1, cursor } as Told);
}

/** Takes the way down by one, as a network that lets this one through no more. */
async function goDown(): Promise<void> {
  hubIsThere = true;
  await wire().ends();
}

test('once it carries it asks for what is followed, and the state is read once the feed stands', () => {
  follow();
  expect(wire().asked).toEqual([{ id: 1, topics: ['telemetry'], devices: ['pump-7'], rate: 5 }]);
  expect(follower.readState).not.toHaveBeenCalled();
  subscribed('a');
  expect(follower.readState).toHaveBeenCalledTimes(1);
});

test('after a short absence it resumes from the last cursor and reads nothing anew', async () => {
  follow();
  subscribed('a');
  wire().reads('b');
  await wire().ends(LONG);
  expect(link().state).toBe('lost');
  await after(300);
  wire().ear.carries();
  expect(wire().asked).toMatchObject([{ id: 1, after: 'b' }]);
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
  await wire().ends(LONG);
  for (let passed = 0; passed < 70_000; passed += 1000) {
    await after(1000);
    if (!wire().closed) {
      await wire().ends();
    }
  }
  live.retryNow();
  wire().ear.carries();
  expect(wire().asked[0]).not.toHaveProperty('after');
});

test('the pauses grow, the first loss is remembered, and the browser coming online ends the wait', async () => {
  follow();
  const lostAt = Date.now();
  await wire().ends(LONG);
  for (let attempt = 1; attempt <= 4; attempt++) {
    await vi.advanceTimersToNextTimerAsync();
    await wire().ends();
  }
  expect(link()).toMatchObject({ state: 'lost', since: lostAt, attempt: 5 });
  const before = wires.length;
  window.dispatchEvent(new Event('online'));
  expect(wires.length).toBe(before + 1);
  wire().ear.carries();
  expect(link().state).toBe('live');
});

test('while the hub cannot be reached at all, no way is blamed for it', async () => {
  follow();
  await wire().ends(LONG);
  for (let i = 0; i < 5; i++) {
    await after(15_000);
    expect(wire().way).toBe('websocket');
    await wire().ends();
  }
});

test('a way that the network does not let through is left for the next at once, down to the last', async () => {
  live.start();
  hubIsThere = true;
  await wire().ends();
  expect(wire().way).toBe('stream');
  await wire().ends();
  expect(wire().way).toBe('poll');
  expect(links).toEqual([]);
  wire().ear.carries();
  expect(link()).toMatchObject({ state: 'live', way: 'poll' });
  expect(memory.get('signalbox.way')).toBe('poll');
});

test('when no way lets anything through it says so, and begins at the top after a pause', async () => {
  live.start();
  hubIsThere = true;
  for (let i = 0; i < 3; i++) {
    await wire().ends();
  }
  expect(link().state).toBe('lost');
  await after(15_000);
  expect(wire().way).toBe('websocket');
});

test('a way that has worked gets a second chance, and one that has carried for long any number', async () => {
  follow();
  hubIsThere = true;
  for (let i = 0; i < 5; i++) {
    await wire().ends(LONG);
    await after(15_000);
    expect(wire().way).toBe('websocket');
    wire().ear.carries();
  }
  await wire().ends(10);
  await after(15_000);
  expect(wire().way).toBe('websocket');
  await wire().ends(10);
  expect(wire().way).toBe('stream');
});

test('the next page begins with what worked, and tries the better ways later', async () => {
  memory.set('signalbox.way', 'stream');
  begin();
  follow();
  expect(wire().way).toBe('stream');
  await after(30_000);
  expect(wire().way).toBe('websocket');
});

test('a better way takes over where the other one stands, and nothing is seen of it', async () => {
  memory.set('signalbox.way', 'poll');
  begin();
  follow();
  const poll = wire();
  subscribed('a');
  poll.reads('b');
  await after(30_000);
  const socket = wire();
  expect(socket.way).toBe('websocket');
  poll.reads('c');
  socket.ear.carries();
  expect(poll.closed).toBe(true);
  expect(socket.asked).toMatchObject([{ id: 1, after: 'c' }]);
  poll.reads('d');
  socket.reads('d');
  expect(follower.event).toHaveBeenCalledTimes(3);
  expect(follower.readState).toHaveBeenCalledTimes(1);
  expect(links.map((one) => one.state)).toEqual(['live', 'live']);
  expect(link()).toMatchObject({ way: 'websocket' });
  await socket.ends(LONG);
  expect(link().state).toBe('lost');
});

test('a better way that still brings nothing leaves all as it is, and is tried less and less often', async () => {
  memory.set('signalbox.way', 'poll');
  begin();
  follow();
  const poll = wire();
  const triedAt: number[] = [];
  for (let i = 0; i < 4; i++) {
    const before = wires.length;
    while (wires.length === before) {
      await after(1_000);
    }
    triedAt.push(Date.now());
    expect(wire().way).toBe('websocket');
    await wire().ends();
    expect(wire().way).toBe('stream');
    await wire().ends();
  }
  const pauses = triedAt.slice(1).map((at, i) => at - (triedAt[i] as number));
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(pauses[2]).toBeGreaterThan(2 * (pauses[0] as number));
  expect(poll.closed).toBe(false);
  expect(links).toHaveLength(1);
});

test('on another network the better ways are tried soon', async () => {
  memory.set('signalbox.way', 'poll');
  begin();
  follow();
  window.dispatchEvent(new Event('online'));
  await after(2_000);
  expect(wire().way).toBe('websocket');
});

test('what an abandoned line still says is heard no more', async () => {
  follow();
  const first = wire();
  await goDown();
  await after(15_000);
  wire().ear.carries();
  first.reads('x');
  first.ear.ended({ carriedMs: LONG, isShutOut: false });
  expect(follower.event).not.toHaveBeenCalled();
  expect(link().state).toBe('live');
});

test('a line that ends because we are signed out asks the hub who we are', async () => {
  follow();
  live.isHubThere = vi.fn(() => Promise.resolve(false));
  await wire().ends(LONG);
  expect(live.isHubThere).not.toHaveBeenCalled();
  await after(15_000);
  wire().ear.carries();
  await wire().ends(LONG, true);
  expect(live.isHubThere).toHaveBeenCalledTimes(1);
});

test('what is no longer followed is heard no more, and the line is told', () => {
  follow();
  const second = live.follow({ topics: ['presence'] }, follower);
  expect(wire().asked).toHaveLength(2);
  second.close();
  expect(wire().asked).toHaveLength(1);
  wire().reads('x', 2);
  expect(follower.event).not.toHaveBeenCalled();
});

test('a page that is seen again has its line looked after', () => {
  follow();
  document.dispatchEvent(new Event('visibilitychange'));
  expect(wire().probed).toBe(1);
});
