import { afterEach, expect, test, vi } from 'vitest';
import { UNKNOWN } from '../src/device-types/definition';
import { DefinitionStore } from '../src/device-types/definition-store';

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
  await store.refresh();
  labels['valve/2'] = 'Flow rate';
  store.of('valve/2');
  await store.refresh();
  expect(asked).toEqual(['valve/2 200', 'valve/2 304', 'valve/2 200']);
  expect([store.of('valve/2').label('flow'), store.version.value]).toEqual(['Flow rate', 2]);
});

test('a type that is not defined is unknown until it is defined', async () => {
  const labels: Record<string, string> = {};
  hubWith(labels);
  const store = new DefinitionStore();
  expect(store.isMissing('valve')).toBe(false);
  await store.ready(['valve']);
  expect([store.isMissing('valve'), store.isMissing(undefined)]).toEqual([true, true]);
  labels.valve = 'Flow';
  await store.reload('valve');
  expect([store.isMissing('valve'), store.of('valve').label('flow')]).toEqual([false, 'Flow']);
  delete labels.valve;
  await store.reload('valve');
  expect([store.isMissing('valve'), store.of('valve')]).toEqual([true, UNKNOWN]);
});

test('a type that nobody uses is not asked for', async () => {
  const asked = hubWith({ valve: 'Flow' });
  const store = new DefinitionStore();
  await store.ready(['valve']);
  await store.refresh();
  await store.refresh();
  expect(asked).toEqual(['valve 200', 'valve 304']);
  store.of('valve');
  await store.refresh();
  expect(asked).toEqual(['valve 200', 'valve 304', 'valve 304']);
});

test('while the hub does not answer, what is known stays', async () => {
  const labels: Record<string, string> = { valve: 'Flow' };
  hubWith(labels);
  const store = new DefinitionStore();
  await store.ready(['valve']);
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('the line broke');
  });
  await store.refresh();
  expect(store.of('valve').label('flow')).toBe('Flow');
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
    return Response.json({ metrics }, { headers: { ETag: `"${labels[device]}"` } });
  });
  return asked;
}

test('without a type, the description of the first device seen stands for all of that type', async () => {
  const asked = hubOfDescriptions({ a: 'Flow of a', b: 'Flow of b' });
  const store = new DefinitionStore();
  await store.ready(['valve']);
  store.ofDevice({ id: 'a', type: 'valve' });
  store.ofDevice({ id: 'b', type: 'valve' });
  await vi.waitFor(() => expect(store.ofDevice({ id: 'b', type: 'valve' }).label('flow')).toBe('Flow of a'));
  expect(asked).toEqual(['types/valve', 'devices/a/description']);
  await store.describe('b');
  expect(store.ofDevice({ id: 'b', type: 'valve' }).label('flow')).toBe('Flow of b');
});

test('a device that says nothing and has no type is unknown', async () => {
  hubOfDescriptions({});
  const store = new DefinitionStore();
  await store.describe('a');
  expect(store.ofDevice({ id: 'a' })).toBe(UNKNOWN);
  expect(store.ofDevice({})).toBe(UNKNOWN);
});
