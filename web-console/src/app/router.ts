import { computed, signal } from '@preact/signals';
import { instant, list, oneOf, readQuery, text, type Values, writeQuery } from './query';

export const VIEWS = ['all', 'online', 'asleep', 'overdue', 'offline'] as const;
export const RANGES = ['5m', '30m', '6h', '24h', '7d'] as const;
export const TABS = ['live', 'state', 'why'] as const;
/** What sort of entries of the flight recorder are shown. */
export const ENTRIES = ['all', 'connection', 'refusals', 'commands', 'changes'] as const;
export type View = (typeof VIEWS)[number];
export type Tab = (typeof TABS)[number];
export type Entries = (typeof ENTRIES)[number];
export type Range = (typeof RANGES)[number];

export const FLEET_QUERY = { q: text, view: oneOf(VIEWS, 'all'), at: text };
export const DEVICE_QUERY = {
  tab: oneOf(TABS, 'live'),
  range: oneOf(RANGES, '5m'),
  ch: list,
  from: instant,
  to: instant,
  pause: instant,
  as: oneOf(['chart', 'table'] as const, 'chart'),
  entries: oneOf(ENTRIES, 'all'),
  /** The command whose account is open. */
  cmd: text,
};
const SIGN_IN_QUERY = { next: text };

export type FleetQuery = Values<typeof FLEET_QUERY>;
export type DeviceQuery = Values<typeof DEVICE_QUERY>;

export type Route =
  | { screen: 'sign-in'; next: string }
  | { screen: 'fleet'; query: FleetQuery }
  | { screen: 'device'; id: string; query: DeviceQuery }
  | { screen: 'nowhere'; path: string };

/** Where a URL of this console leads. */
export function routeOf(path: string, search: string): Route {
  const device = /^\/devices\/([^/]+)\/?$/.exec(path);
  if (device) {
    return { screen: 'device', id: decoded(device[1] ?? ''), query: readQuery(DEVICE_QUERY, search) };
  }
  switch (path) {
    case '/':
    case '/fleet':
      return { screen: 'fleet', query: readQuery(FLEET_QUERY, search) };
    case '/signin':
      return { screen: 'sign-in', next: ownPath(readQuery(SIGN_IN_QUERY, search).next) };
    default:
      return { screen: 'nowhere', path };
  }
}

export function fleetUrl(query: Partial<FleetQuery> = {}): string {
  return `/fleet${writeQuery(FLEET_QUERY, { q: '', view: 'all', at: '', ...query })}`;
}

export function deviceUrl(id: string, query: Partial<DeviceQuery> = {}): string {
  const all = { ...readQuery(DEVICE_QUERY, ''), ...query };
  return `/devices/${encodeURIComponent(id)}${writeQuery(DEVICE_QUERY, all)}`;
}

export function signInUrl(next: string): string {
  return `/signin${writeQuery(SIGN_IN_QUERY, { next })}`;
}

/** Only a path of this console: a link to sign in must not send people elsewhere afterwards. */
function ownPath(next: string): string {
  return /^\/(?![/\\])/.test(next) ? next : '/fleet';
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const url = signal(location.pathname + location.search);

/** Where we are. */
export const route = computed<Route>(() => {
  const { pathname, search } = new URL(url.value, 'http://console');
  return routeOf(pathname, search);
});

/** Goes there; Back undoes it. */
export function go(to: string): void {
  history.pushState(null, '', to);
  url.value = to;
  scrollTo(0, 0);
}

/** Says the same place in other words (a filter, a range): Back does not stop here. */
export function restate(to: string): void {
  history.replaceState(history.state, '', to);
  url.value = to;
}

/** Follows Back and Forward, and every plain click on a link of ours. */
export function startRouter(): void {
  window.addEventListener('popstate', () => {
    url.value = location.pathname + location.search;
  });
  document.addEventListener('click', (click) => {
    const link = (click.target as Element).closest?.('a[href^="/"]');
    const plain = click.button === 0 && !(click.ctrlKey || click.metaKey || click.shiftKey || click.altKey);
    if (link && plain && !click.defaultPrevented && !link.hasAttribute('download')) {
      click.preventDefault();
      go(link.getAttribute('href') ?? '/');
    }
  });
}
