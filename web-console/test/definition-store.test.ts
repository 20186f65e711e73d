import { afterEach, expect, test, vi } from 'vitest';
import { UNKNOWN } from '../src/device-types/definition';
import { DefinitionStore } from '../src/device-types/definition-store';
import { definitionOf, definitions, followDefinitions } from '../src/device-types/definitions';
import type { FeedClient } from '../src/feed/feed-client';
import type { Feed, Follower } from '../src/feed/subscriptions';
import type { LiveEvent } from '../src/hub/api-types';

afterEach(() => vi.unstubAllGlobals());

/** A hub with these types: labels of the metric `flow` by type. Records the requests. */
function hubWith(labels: Record<string, string>) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string, { headers }: { headers: Record<string, string> }) => {
    const type = decodeURIComponent(path.split('/').at(-1) as string);
    const etag = `"${labels[type]}"`;
    const isKnown = headers['If-None-Match'] === etag;
    asked.push(`${type} ${isKnown ? 304 : labels[type] ? 200 : 404}`);
    if (!labels[type]) {
      return new Response('{"title":"no"}', { status: 404 });
    }
    return isKnown
      ? new Response(null, { status: 304 })
      : Response.json({ metrics: { flow: { label: labels[type] } } }, { headers: { ETag: etag } });
  });
  return asked;
}

test('a definition is fetched once, and again only if it has changed', async () => {
  const labels: Record<string, string> = { 'valve/2': 'Flow' };
  const asked = hubWith(labels);
  const store = new DefinitionStore();
  expect(store.of('valve/2')).toBe(UNKNOWN);
  await store.ready(['valve/2', undefined, 'valve/2']);
  expect([store.of('valve/2').label('flow'), store.version.value]).toEqual(['Flow', 1]);
  store.refresh();
  await store.ready(['valve/2']);
  labels['valve/2'] = 'Flow rate';
  store.refresh();
  await store.ready(['valve/2']);
  expect(asked).toEqual(['valve/2 200', 'valve/2 304', 'valve/2 200']);
  expect([store.of('valve/2').label('flow'), store.version.value]).toEqual(['Flow rate', 2]);
});

test('a type that is not defined is unknown until it is defined', async () => {
  const labels: Record<string, string> = {};
  hubWith(labels);
  const store = new DefinitionStore();
  expect(store.isUndescribed({ type: 'valve' })).toBe(false);
  await store.ready(['valve']);
  expect([store.isUndescribed({ type: 'valve' }), store.isUndescribed({})]).toEqual([true, true]);
  labels.valve = 'Flow';
  await store.reload('valve');
  expect([store.isUndescribed({ type: 'valve' }), store.of('valve').label('flow')]).toEqual([false, 'Flow']);
  delete labels.valve;
  await store.reload('valve');
  expect([store.isUndescribed({ type: 'valve' }), store.of('valve')]).toEqual([true, UNKNOWN]);
});

test('a type that nobody uses is not asked for', async () => {
  const asked = hubWith({ valve: 'Flow' });
  const store = new DefinitionStore();
  await store.ready(['valve']);
  store.refresh();
  store.typeChanged('valve');
  store.typeChanged('pump');
  expect(asked).toEqual(['valve 200']);
  store.of('valve');
  store.of('valve');
  await store.ready(['valve']);
  expect(asked).toEqual(['valve 200', 'valve 304']);
});

test('a change during a request is not missed', async () => {
  const labels: Record<string, string> = { valve: 'Flow' };
  const asked = hubWith(labels);
  const store = new DefinitionStore();
  const first = store.ready(['valve']);
  labels.valve = 'Flow rate';
  store.typeChanged('valve');
  await first;
  expect(store.of('valve').label('flow')).toBe('Flow rate');
  expect(asked).toHaveLength(2);
});

test('while the hub does not answer, what is known stays, and it is asked again later', async () => {
  vi.useFakeTimers();
  const labels: Record<string, string> = { valve: 'Flow' };
  hubWith(labels);
  const store = new DefinitionStore();
  await store.ready(['valve']);
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('the line broke');
  });
  store.refresh();
  await store.ready(['valve']);
  expect(store.of('valve').label('flow')).toBe('Flow');
  const asked = hubWith({ valve: 'Flow rate' });
  store.of('valve');
  expect(asked).toEqual([]);
  vi.advanceTimersByTime(5_000);
  await store.ready(['valve']);
  expect(store.of('valve').label('flow')).toBe('Flow rate');
  vi.useRealTimers();
});

test('waiting for definitions has an end', async () => {
  vi.stubGlobal('fetch', () => new Promise(() => {}));
  const store = new DefinitionStore();
  await store.ready(['valve'], 5);
  expect(store.of('valve')).toBe(UNKNOWN);
});

/** A hub without types, whose devices describe themselves: labels of the metric `flow` by device. */
function hubOfDescriptions(labels: Record<string, string>) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    const place = path.slice(path.indexOf('/api/v1/') + 8);
    asked.push(place);
    const device = place.match(/^devices\/(.*)\/description$/)?.[1];
    if (device === undefined) {
      return new Response('{"title":"no"}', { status: 404 });
    }
    const metrics = labels[device] ? { flow: { label: labels[device] } } : {};
    return Response.json({ device, metrics }, { headers: { ETag: `"${labels[device]}"` } });
  });
  return asked;
}

test('without a type, the description of the first device seen stands for all of that type', async () => {
  const asked = hubOfDescriptions({ a: 'Flow of a', b: 'Flow of b' });
  const store = new DefinitionStore();
  await store.ready(['valve']);
  store.ofListed({ id: 'a', type: 'valve' });
  store.ofListed({ id: 'b', type: 'valve' });
  await vi.waitFor(() => expect(store.ofListed({ id: 'b', type: 'valve' }).label('flow')).toBe('Flow of a'));
  expect(asked).toEqual(['types/valve', 'devices/a/description']);
  await store.describe('b');
  expect(store.ofDevice({ id: 'b', type: 'valve' }).label('flow')).toBe('Flow of b');
  expect(store.ofListed({ id: 'b', type: 'valve' }).label('flow')).toBe('Flow of a');
});

test('a device that says nothing and has no type is unknown', async () => {
  hubOfDescriptions({});
  const store = new DefinitionStore();
  await store.describe('a');
  expect(store.ofDevice({ id: 'a' })).toBe(UNKNOWN);
  expect(store.ofDevice({})).toBe(UNKNOWN);
});

/** A hub with the type valve, and a device of it that adds a unit and contradicts a label. */
function hubOfDifferences() {
  const said = { unit: 'L/min', version: 1 };
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    const place = path.slice(path.indexOf('/api/v1/') + 8);
    asked.push(place);
    if (place === 'types/valve') {
      return Response.json({ metrics: { flow: { label: 'Flow' } } }, { headers: { ETag: '"t"' } });
    }
    const description = {
      device: 'valve-1',
      type: 'valve',
      typeVersion: 3,
      described: { version: said.version, changed: 1 },
      metrics: { flow: { label: 'Flow', unit: said.unit } },
      firmware: '2.1.0',
      differences: [{ pointer: '/metrics/flow/label', type: 'Flow', device: 'Through' }],
    };
    return Response.json(description, { headers: { ETag: `"d${said.version}"` } });
  });
  return { said, asked };
}
const VALVE = { id: 'valve-1', type: 'valve' };

test('a described device completes its type on its page, and not in lists', async () => {
  hubOfDifferences();
  const store = new DefinitionStore();
  await store.ready(['valve']);
  expect([store.ofDevice(VALVE).label('flow'), store.ofDevice(VALVE).unit('flow')]).toEqual(['Flow', '']);
  await store.describe('valve-1');
  expect([store.ofDevice(VALVE).unit('flow'), store.ofListed(VALVE).unit('flow')]).toEqual(['L/min', '']);
  expect(store.description('valve-1')).toMatchObject({ firmware: '2.1.0', described: { version: 1 } });
  expect(store.isUndescribed({ id: 'valve-1' })).toBe(false);
});

test('a device that says its firmware only has guesses, and is described all the same', async () => {
  const described = { version: 1, changed: 1 };
  vi.stubGlobal('fetch', async (path: string) =>
    path.includes('/types/')
      ? new Response('{}', { status: 404 })
      : Response.json({ device: 'a', described, firmware: '1' }, { headers: { ETag: '"1"' } }),
  );
  const store = new DefinitionStore();
  await store.describe('a');
  expect([store.ofDevice({ id: 'a' }), store.isUndescribed({ id: 'a' })]).toEqual([UNKNOWN, true]);
  expect(store.description('a')?.firmware).toBe('1');
});

test('events and a lost place in the feed make what is in use be fetched again, and nothing else', async () => {
  const { said, asked } = hubOfDifferences();
  let follower: Follower | undefined;
  let topics: string[] = [];
  const live = {
    follow: (feed: Feed, one: Follower) => {
      topics = feed.topics;
      follower = one;
      return { close: () => {} };
    },
  };
  followDefinitions(live as unknown as FeedClient);
  expect(topics).toEqual(['types']);
  const tell = (event: object) => follower?.event(event as LiveEvent);
  definitions.clear();
  await definitions.ready(['valve']);
  await definitions.describe('valve-1');
  asked.length = 0;

  said.unit = 'm3/h';
  said.version = 2;
  const before = definitions.staleness.value;
  definitions.descriptionChanged('valve-2');
  tell({ type: 'device-type', name: 'pump', change: 'updated', version: 2 });
  expect(definitions.staleness.value).toBe(before);
  definitions.descriptionChanged('valve-1');
  expect(definitions.staleness.value).toBe(before + 1);
  expect(definitionOf(VALVE).unit('flow')).toBe('L/min');
  await vi.waitFor(() => expect(definitionOf(VALVE).unit('flow')).toBe('m³/h'));
  expect(asked).toEqual(['devices/valve-1/description']);

  tell({ type: 'device-type', name: 'valve', change: 'updated', version: 4 });
  definitionOf(VALVE);
  await definitions.ready(['valve']);
  expect(asked.slice(1)).toEqual(['devices/valve-1/description', 'types/valve']);

  follower?.readState();
  definitionOf(VALVE);
  await definitions.ready(['valve']);
  expect(asked.slice(3)).toEqual(['devices/valve-1/description', 'types/valve']);
});
