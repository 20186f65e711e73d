import type { DeviceQuery } from '../app/router';
import type { Definition } from '../device-types/definition';
import type { Channel, DeviceFeed } from './device-feed';

const LANES_AT_FIRST = 3;
export const MAX_LANES = 6;
export const NONE = '-';

/** Metrics in the chart: those in the URL, else the first ones of the type, numbers before states. */
export function shownMetrics(feed: DeviceFeed, definition: Definition, query: DeviceQuery): string[] {
  const metrics = feed.metrics.value;
  if (query.ch.length > 0) {
    return query.ch.filter((metric) => metrics.includes(metric)).slice(0, MAX_LANES);
  }
  const isState = (metric: string) => Number(!isNumeric(feed.channels.get(metric)));
  return byRank(metrics, definition)
    .sort((a, b) => isState(a) - isState(b))
    .slice(0, LANES_AT_FIRST);
}

/** Metrics in the order of the type, others by name. */
export function byRank(metrics: readonly string[], definition: Definition): string[] {
  return [...metrics].sort((a, b) => definition.rank(a) - definition.rank(b));
}

/** Whether a channel is drawn as a line; others are drawn as state bands. */
export function isNumeric(channel: Channel | undefined): boolean {
  return channel !== undefined && (channel.series.length > 0 || typeof channel.latest.value === 'number');
}
