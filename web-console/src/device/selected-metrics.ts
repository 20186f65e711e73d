import type { DeviceQuery } from '../app/router';
import type { Channel, DeviceFeed } from './device-feed';

const LANES_AT_FIRST = 3;
export const MAX_LANES = 6;

/** Default metrics in order of preference. */
const PREFERRED = ['temperature', 'vibration', 'motorTemp', 'flow', 'pressure', 'level', 'target', 'speed'];
export const NONE = '-';

/** Metrics in the chart: those in the URL, else the preferred ones, numbers before states. */
export function shownMetrics(feed: DeviceFeed, query: DeviceQuery): string[] {
  const metrics = feed.metrics.value;
  if (query.ch.length > 0) {
    return query.ch.filter((metric) => metrics.includes(metric)).slice(0, MAX_LANES);
  }
  const place = (metric: string) =>
    (isNumeric(feed.channels.get(metric)) ? 0 : 2 * PREFERRED.length) +
    (PREFERRED.includes(metric) ? PREFERRED.indexOf(metric) : PREFERRED.length);
  return [...metrics].sort((a, b) => place(a) - place(b)).slice(0, LANES_AT_FIRST);
}

/** Whether a channel is drawn as a line; others are drawn as state bands. */
export function isNumeric(channel: Channel | undefined): boolean {
  return channel !== undefined && (channel.series.length > 0 || typeof channel.latest.value === 'number');
}
