import type { DeviceQuery } from '../app/router';
import type { Channel, DeviceFeed } from './device-feed';

const LANES_AT_FIRST = 3;
export const LANES_AT_MOST = 6;

/** Which metrics stand first where nobody has chosen, most telling first. */
const TELLING = ['temperature', 'vibration', 'motorTemp', 'flow', 'pressure', 'level', 'target', 'speed'];
export const NONE = '-';

/** The metrics in the chart: those the URL names, else the most telling numeric ones. */
export function shownMetrics(feed: DeviceFeed, query: DeviceQuery): string[] {
  const numeric = feed.metrics.value.filter((metric) => isNumeric(feed.channels.get(metric)));
  if (query.ch.length > 0) {
    return query.ch.filter((metric) => numeric.includes(metric)).slice(0, LANES_AT_MOST);
  }
  const place = (metric: string) => (TELLING.includes(metric) ? TELLING.indexOf(metric) : TELLING.length);
  return numeric.sort((a, b) => place(a) - place(b)).slice(0, LANES_AT_FIRST);
}

export function isNumeric(channel: Channel | undefined): boolean {
  return channel !== undefined && (channel.series.length > 0 || typeof channel.latest.value === 'number');
}
