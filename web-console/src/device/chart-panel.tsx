import { useEffect, useState } from 'preact/hooks';
import { hubNow, isLost } from '../app/app-state';
import { count } from '../app/formats';
import { type DeviceQuery, deviceUrl, RANGES, type Range, restate } from '../app/router';
import { RANGE_MS, spanOf, zoomed } from '../chart/span';
import { Icon } from '../components/icons';
import { lazy } from '../components/lazy';
import { Empty, ErrorState, Loading } from '../components/placeholders';
import type { Device } from '../hub/api-types';
import type { DeviceFeed } from './device-feed';
import { ReadingsTable } from './readings-table';
import { shownMetrics } from './selected-metrics';
import { useChartKeys } from './use-chart-keys';
import { useFrames } from './use-frames';

/** With the library that draws: the fleet and the first look at a device do without. */
const Lanes = lazy(() => import('./chart-lanes').then((module) => module.Lanes), 5, false);

const RANGE_WORDS: Record<Range, string> = {
  '5m': '5 min',
  '30m': '30 min',
  '6h': '6 h',
  '24h': '24 h',
  '7d': '7 d',
};

interface PanelProps {
  feed: DeviceFeed;
  device: Device;
  query: DeviceQuery;
}

/** The chart, or the same as a table; what it shows is all in the URL. */
export function ChartPanel({ feed, device, query }: PanelProps) {
  const say = (change: Partial<DeviceQuery>) => restate(deviceUrl(device.id, { ...query, ...change }));
  const shown = shownMetrics(feed, query);
  const still = query.pause > 0 || query.from > 0;
  const { range, from, to, pause } = query;
  useEffect(() => {
    void feed.show(spanOf(query, hubNow()), shown);
  }, [feed, shown.join(), range, from, to, pause > 0]);

  const go = {
    pause: () => say(still ? { pause: 0, from: 0, to: 0 } : { pause: Math.round(hubNow()) }),
    reset: () => say({ from: 0, to: 0, pause: 0 }),
    zoom: (factor: number) => say({ pause: 0, ...zoomed(spanOf(query, hubNow()), factor) }),
    table: () => say({ as: query.as === 'table' ? 'chart' : 'table' }),
  };
  useChartKeys(go);

  return (
    <section class="card" aria-label="Live chart">
      <div class="chartbar">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in line */}
        <div class="seg" role="group" aria-label="Range">
          {RANGES.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === range && !from}
              onClick={() => say({ range: one, from: 0, to: 0 })}
            >
              {RANGE_WORDS[one]}
            </button>
          ))}
        </div>
        <span class="sp" />
        <button type="button" class="btn sm ghost sq" title="Zoom out (−)" onClick={() => go.zoom(2)}>
          <Icon name="zoom-out" />
          <span class="vh">Zoom out</span>
        </button>
        <button type="button" class="btn sm ghost sq" title="Zoom in (+)" onClick={() => go.zoom(0.5)}>
          <Icon name="zoom-in" />
          <span class="vh">Zoom in</span>
        </button>
        {from > 0 && (
          <button type="button" class="btn sm ghost" aria-keyshortcuts="0" onClick={go.reset}>
            Reset zoom
          </button>
        )}
        <button type="button" class="btn sm ghost" aria-keyshortcuts="t" onClick={go.table}>
          <Icon name={query.as === 'table' ? 'chart' : 'table'} />
          {query.as === 'table' ? 'Show as chart' : 'Show as table'}
        </button>
        <button type="button" class="btn sm" aria-keyshortcuts="Space" onClick={go.pause}>
          <Icon name={still ? 'play' : 'pause'} />
          {still ? 'Go on' : 'Pause'} <kbd>Space</kbd>
        </button>
      </div>
      {query.pause > 0 && <Waiting feed={feed} shown={shown} since={query.pause} />}
      {from > 0 && <p class="waiting">Zoomed in. The values below go on.</p>}
      <Plot feed={feed} device={device} query={query} shown={shown} />
    </section>
  );
}

function Plot({ feed, device, query, shown }: PanelProps & { shown: string[] }) {
  const say = (change: Partial<DeviceQuery>) => restate(deviceUrl(device.id, { ...query, ...change }));
  if (feed.metrics.value.length === 0) {
    return (
      <Empty title="No readings yet">
        <p>What this device sends is drawn here as it comes in.</p>
      </Empty>
    );
  }
  if (shown.length === 0) {
    return (
      <Empty title="No channel is chosen">
        <p>Tick one below to draw it here.</p>
      </Empty>
    );
  }
  if (!feed.historyRead.value) {
    return <Loading rows={5} />;
  }
  return (
    <>
      {feed.historyFault.value !== null && (
        <ErrorState
          what="History cannot be read"
          fault={feed.historyFault.value}
          retry={() => void feed.readState()}
        />
      )}
      {query.as === 'table' ? (
        <ReadingsTable feed={feed} device={device} query={query} shown={shown} />
      ) : (
        <Lanes
          feed={feed}
          device={device}
          query={query}
          shown={shown}
          onZoom={(from, to) => say({ from: Math.round(from), to: Math.round(to), pause: 0 })}
          onReset={() => say({ from: 0, to: 0, pause: 0 })}
        />
      )}
    </>
  );
}

/** The drawing stands still, the data does not. */
function Waiting({ feed, shown, since }: { feed: DeviceFeed; shown: string[]; since: number }) {
  const [waiting, setWaiting] = useState(0);
  useFrames(500, () => {
    const counts = shown.map((metric) => feed.channels.get(metric)?.series.countAfter(since) ?? 0);
    setWaiting(counts.reduce((sum, n) => sum + n, 0));
  });
  return (
    <p class="waiting num">
      {waiting > 0
        ? `${count(waiting)} new ${waiting === 1 ? 'reading is' : 'readings are'} waiting`
        : isLost.value
          ? 'Standing still; nothing comes in, as the hub is not reached'
          : 'Standing still; nothing newer yet'}
    </p>
  );
}

export function rangeText(query: DeviceQuery): string {
  return query.from ? 'in view' : `in ${RANGE_WORDS[query.range]}`;
}

export function spanMs(query: DeviceQuery): number {
  return query.from ? query.to - query.from : RANGE_MS[query.range];
}
