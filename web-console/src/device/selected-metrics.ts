import type { DeviceQuery } from '../app/router';
import type { Channel, DeviceFeed } from './device-feed';

const LANES_AT_FIRST = 3;
export const MAX_LANES = 6;

/** Which metrics stand first where nobody has chosen, most telling first. */
const TELLING = ['temperature', 'vibration', 'motorTemp', 'flow', 'pressure', 'level', 'target', 'speed'];
export const NONE = '-';

/** The metrics in the chart: those the URL names, else the most telling, numbers before states. */
export function shownMetrics(feed: DeviceFeed, query: DeviceQuery): string[] {
  const metrics = feed.metrics.value;
  if (query.ch.length > 0) {
    return query.ch.filter((metric) => metrics.includes(metric)).slice(0, MAX_LANES);
  }
  const place = (metric: string) =>
    (isNumeric(feed.channels.get(metric)) ? 0 : 2 * TELLING.length) +
    (TELLING.includes(metric) ? TELLING.indexOf(metric) : TELLING.length);
  return [...metrics].sort((a, b) => place(a) - place(b)).slice(0, LANES_AT_FIRST);
}

/** Whether a channel is drawn as a line; all others are drawn as bands of states. */
export function isNumeric(channel: Channel | undefined): boolean {
  return channel !== undefined && (channel.series.length > 0 || typeof channel.latest.value === 'number');
}
