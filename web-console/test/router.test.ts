// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { deviceUrl, fleetUrl, routeOf, signInUrl, typesUrl } from '../src/app/router';

test('the fleet and its filter are in the URL, and unknown parameters are dropped', () => {
  const place = routeOf('/fleet', '?q=site:ghent%20pump&view=offline&colour=red');
  expect(place).toEqual({ screen: 'fleet', query: { q: 'site:ghent pump', view: 'offline', at: '' } });
  expect(fleetUrl({ q: 'site:ghent pump', view: 'offline' })).toBe('/fleet?q=site:ghent+pump&view=offline');
  expect(routeOf('/fleet', '?view=nonsense')).toEqual(routeOf('/', ''));
  expect(fleetUrl()).toBe('/fleet');
});

test('all device view settings survive a round trip through the URL', () => {
  const at = Date.UTC(2026, 10, 22, 14, 0, 0, 250);
  const query = {
    tab: 'live',
    range: '6h',
    ch: ['flow', 'motorTemp'],
    from: at,
    to: at + 1000,
    pause: 0,
    as: 'table',
    entries: 'refusals',
    cmd: '01993c5e',
  } as const;
  const url = new URL(deviceUrl('urn:dev:pump-7', { ...query, ch: [...query.ch] }), 'http://hub');
  expect(url.search).toBe(
    '?range=6h&ch=flow,motorTemp&from=2026-11-22T14:00:00.250Z&to=2026-11-22T14:00:01.250Z&as=table&entries=refusals&cmd=01993c5e',
  );
  expect(routeOf(url.pathname, url.search)).toEqual({ screen: 'device', id: 'urn:dev:pump-7', query });
});

test('sign-in returns to the requested path, but never to another site', () => {
  const next = '/devices/pump-7?range=6h&ch=flow';
  const url = new URL(signInUrl(next), 'http://hub');
  expect(routeOf(url.pathname, url.search)).toEqual({ screen: 'sign-in', next });
  for (const elsewhere of ['//evil.example', '/\\evil.example', 'https://evil.example', '']) {
    expect(routeOf('/signin', `?next=${encodeURIComponent(elsewhere)}`)).toEqual({
      screen: 'sign-in',
      next: '/fleet',
    });
  }
});

test('device types have a list and an editor each, with the device they are made from', () => {
  expect(routeOf('/settings', '')).toEqual(routeOf('/settings/types', ''));
  expect([typesUrl(), typesUrl('', { from: 'valve-7' })]).toEqual([
    '/settings/types',
    '/settings/types?from=valve-7',
  ]);
  const url = new URL(typesUrl('valve 2/a', { from: 'valve-7' }), 'http://hub');
  expect(routeOf(url.pathname, url.search)).toEqual({
    screen: 'type',
    name: 'valve 2/a',
    query: { from: 'valve-7' },
  });
});

test('an unknown path is reported', () => {
  expect(routeOf('/alarms', '')).toEqual({ screen: 'not-found', path: '/alarms' });
  expect(routeOf('/devices/%E0%A4%A', '')).toMatchObject({ screen: 'device', id: '%E0%A4%A' });
});
