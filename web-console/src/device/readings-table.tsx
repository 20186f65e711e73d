import { useState } from 'preact/hooks';
import { hubNow } from '../app/app-state';
import { atDayAndTime, count, humanName, reading } from '../app/formats';
import type { DeviceQuery } from '../app/router';
import { spanOf } from '../chart/span';
import type { Device, Value } from '../hub/api-types';
import type { DeviceFeed } from './device-feed';
import { labelOf, unitOf } from './models';
import { useFrames } from './use-frames';

const ROWS = 200;

interface TableProps {
  feed: DeviceFeed;
  device: Device;
  query: DeviceQuery;
  shown: string[];
}

/** The chart's data as a table, newest first. A state has one row, at its start. */
export function ReadingsTable({ feed, device, query, shown }: TableProps) {
  const [, redraw] = useState(0);
  useFrames(1000, () => redraw((n) => n + 1));
  const { rows, total } = tableRows(feed, query, shown);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable
    <section class="readings-table" tabIndex={0} aria-label="Readings in view">
      <table>
        <caption class="mute num">
          {rows.length < total ? `The newest ${count(rows.length)} of ${count(total)}` : count(total)} points
          in view
        </caption>
        <thead>
          <tr>
            <th>Time</th>
            {shown.map((metric) => (
              <th key={metric} class="r">
                {labelOf(device.type, metric, humanName)}{' '}
                <small class="mute">{unitOf(device.type, metric)}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([ts, values]) => (
            <tr key={ts}>
              <td class="num nowrap">
                {atDayAndTime(ts)}
                <span class="mute">.{String(Math.floor(ts) % 1000).padStart(3, '0')}</span>
              </td>
              {shown.map((metric) => (
                <td key={metric} class="r num">
                  {reading(values.get(metric))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type Row = [number, Map<string, Value>];

function tableRows(feed: DeviceFeed, query: DeviceQuery, shown: string[]): { rows: Row[]; total: number } {
  const span = spanOf(query, hubNow());
  const byTime = new Map<number, Map<string, Value>>();
  const put = (metric: string, ts: number, value: Value) =>
    byTime.set(ts, (byTime.get(ts) ?? new Map()).set(metric, value));
  for (const metric of shown) {
    const channel = feed.channels.get(metric);
    const cut = channel?.series.cut(span.from, span.to, Number.POSITIVE_INFINITY);
    cut?.xs.forEach((ts, i) => {
      const value = cut.ys[i];
      if (ts >= span.from && ts <= span.to && value !== null && value !== undefined) {
        put(metric, ts, value);
      }
    });
    for (const state of channel?.states.cut(span.from, span.to) ?? []) {
      put(metric, state.from, state.value);
    }
  }
  const rows = [...byTime].sort((a, b) => b[0] - a[0]);
  return { rows: rows.slice(0, ROWS), total: rows.length };
}
