import { useState } from 'preact/hooks';
import { hubNow } from '../app/app-state';
import { atDayAndTime, count } from '../app/formats';
import type { DeviceQuery } from '../app/router';
import { spanOf } from '../chart/span';
import { MisfitMark } from '../components/misfit-mark';
import { definitionOf } from '../device-types/definitions';
import type { Device, Value } from '../hub/api-types';
import { csvOf, saveFile } from './csv';
import type { DeviceFeed } from './device-feed';
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
  const definition = definitionOf(device);
  const all = tableRows(feed, query, shown);
  const rows = all.slice(0, ROWS);
  const units = shown.map((metric) => definition.unit(metric, feed.channels.get(metric)?.unit));

  function save() {
    const names = shown.map((metric, i) => withUnitName(definition.label(metric), units[i]));
    const lines = all
      .toReversed()
      .map(([ts, values]) => [ts, ...shown.map((metric) => values.get(metric))] as const);
    saveFile(`${device.id}.csv`, csvOf(names, lines));
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable
    <section class="readings-table" tabIndex={0} aria-label="Readings in view">
      <table>
        <caption class="mute num">
          {rows.length < all.length
            ? `The newest ${count(rows.length)} of ${count(all.length)}`
            : count(all.length)}{' '}
          points in view
          <button type="button" class="btn sm csv" disabled={all.length === 0} onClick={save}>
            Download CSV
          </button>
        </caption>
        <thead>
          <tr>
            <th>Time</th>
            {shown.map((metric, i) => (
              <th key={metric} class="r">
                {definition.label(metric)} <small class="mute">{units[i]}</small>
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
                  <Misfit text={values.has(metric) && feed.channels.get(metric)?.misfits.textAt(ts)} />
                  {definition.text(metric, values.get(metric))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Misfit({ text }: { text: string | false | undefined }) {
  return text ? <MisfitMark text={text} /> : null;
}

type Row = [number, Map<string, Value>];

function tableRows(feed: DeviceFeed, query: DeviceQuery, shown: string[]): Row[] {
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
  return [...byTime].sort((a, b) => b[0] - a[0]);
}

function withUnitName(label: string, unit: string | undefined): string {
  return unit ? `${label} (${unit})` : label;
}
