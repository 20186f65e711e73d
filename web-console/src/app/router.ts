import { computed, signal } from '@preact/signals';
import { instant, list, oneOf, readQuery, text, type Values, writeQuery } from './query';

export const VIEWS = ['all', 'online', 'asleep', 'overdue', 'offline'] as const;
export const RANGES = ['5m', '30m', '6h', '24h', '7d'] as const;
export const TABS = ['live', 'state', 'description', 'why'] as const;
/** Filters of the flight recorder. */
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
  /** The command whose details are open. */
  cmd: text,
};
/** `from` names a device of which a type is made. */
export const TYPES_QUERY = { from: text };
const SIGN_IN_QUERY = { next: text };

export type FleetQuery = Values<typeof FLEET_QUERY>;
export type TypesQuery = Values<typeof TYPES_QUERY>;
export type DeviceQuery = Values<typeof DEVICE_QUERY>;

export type Route =
  | { screen: 'sign-in'; next: string }
  | { screen: 'fleet'; query: FleetQuery }
  | { screen: 'device'; id: string; query: DeviceQuery }
  | { screen: 'types'; query: TypesQuery }
  | { screen: 'type'; name: string; query: TypesQuery }
  | { screen: 'not-found'; path: string };

/** Maps a URL to a route. */
export function routeOf(path: string, search: string): Route {
  const device = /^\/devices\/([^/]+)\/?$/.exec(path);
  if (device) {
    return { screen: 'device', id: decoded(device[1] ?? ''), query: readQuery(DEVICE_QUERY, search) };
  }
  const type = /^\/settings\/types\/([^/]+)\/?$/.exec(path);
  if (type) {
    return { screen: 'type', name: decoded(type[1] ?? ''), query: readQuery(TYPES_QUERY, search) };
  }
  switch (path) {
    case '/settings':
    case '/settings/types':
      return { screen: 'types', query: readQuery(TYPES_QUERY, search) };
    case '/':
    case '/fleet':
      return { screen: 'fleet', query: readQuery(FLEET_QUERY, search) };
    case '/signin':
      return { screen: 'sign-in', next: ownPath(readQuery(SIGN_IN_QUERY, search).next) };
    default:
      return { screen: 'not-found', path };
  }
}

export function fleetUrl(query: Partial<FleetQuery> = {}): string {
  return `/fleet${writeQuery(FLEET_QUERY, { q: '', view: 'all', at: '', ...query })}`;
}

export function deviceUrl(id: string, query: Partial<DeviceQuery> = {}): string {
  const all = { ...readQuery(DEVICE_QUERY, ''), ...query };
  return `/devices/${encodeURIComponent(id)}${writeQuery(DEVICE_QUERY, all)}`;
}

/** The list of device types, or the editor of one. */
export function typesUrl(name = '', query: Partial<TypesQuery> = {}): string {
  const path = name ? `/settings/types/${encodeURIComponent(name)}` : '/settings/types';
  return `${path}${writeQuery(TYPES_QUERY, { from: '', ...query })}`;
}

export function signInUrl(next: string): string {
  return `/signin${writeQuery(SIGN_IN_QUERY, { next })}`;
}

/** Accepts only paths of this console, to prevent open redirects after sign-in. */
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

/**  The current route. */
export const route = computed<Route>(() => {
  const { pathname, search } = new URL(url.value, 'http://console');
  return routeOf(pathname, search);
});

/** Navigates and adds a history entry. */
export function go(to: string): void {
  history.pushState(null, '', to);
  url.value = to;
  scrollTo(0, 0);
}

/** Replaces the URL of the current history entry, for example after a filter change. */
export function replaceUrl(to: string): void {
  history.replaceState(history.state, '', to);
  url.value = to;
}

/** Handles Back, Forward and plain clicks on internal links. */
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
