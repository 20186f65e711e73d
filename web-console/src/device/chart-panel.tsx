import { useEffect, useState } from 'preact/hooks';
import { hubNow, isLost } from '../app/app-state';
import { count } from '../app/formats';
import { type DeviceQuery, deviceUrl, RANGES, type Range, replaceUrl } from '../app/router';
import { spanOf, zoomed } from '../chart/span';
import { Icon } from '../components/icons';
import { lazy } from '../components/lazy';
import { Empty, ErrorState, Loading } from '../components/placeholders';
import { definitionOf } from '../device-types/definitions';
import type { Device } from '../hub/api-types';
import type { DeviceFeed } from './device-feed';
import { ReadingsTable } from './readings-table';
import { shownMetrics } from './selected-metrics';
import { useChartKeys } from './use-chart-keys';
import { useFrames } from './use-frames';

/** Loaded lazily with the chart library, which other screens do not need. */
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

/** Live chart or table; its whole state is in the URL. */
export function ChartPanel({ feed, device, query }: PanelProps) {
  const update = (change: Partial<DeviceQuery>) => replaceUrl(deviceUrl(device.id, { ...query, ...change }));
  const shown = shownMetrics(feed, definitionOf(device), query);
  const still = query.pause > 0 || query.from > 0;
  const { range, from, to, pause } = query;
  useEffect(() => {
    void feed.show(spanOf(query, hubNow()), shown);
  }, [feed, shown.join(), range, from, to, pause > 0]);

  const go = {
    pause: () => update(still ? { pause: 0, from: 0, to: 0 } : { pause: Math.round(hubNow()) }),
    reset: () => update({ from: 0, to: 0, pause: 0 }),
    zoom: (factor: number) => update({ pause: 0, ...zoomed(spanOf(query, hubNow()), factor) }),
    table: () => update({ as: query.as === 'table' ? 'chart' : 'table' }),
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
              onClick={() => update({ range: one, from: 0, to: 0 })}
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
          {still ? 'Resume' : 'Pause'} <kbd>Space</kbd>
        </button>
      </div>
      {query.pause > 0 && <Waiting feed={feed} shown={shown} since={query.pause} />}
      {from > 0 && <p class="waiting">Zoomed in. The values below stay live.</p>}
      <Plot feed={feed} device={device} query={query} shown={shown} />
    </section>
  );
}

function Plot({ feed, device, query, shown }: PanelProps & { shown: string[] }) {
  const update = (change: Partial<DeviceQuery>) => replaceUrl(deviceUrl(device.id, { ...query, ...change }));
  if (feed.metrics.value.length === 0) {
    return (
      <Empty title="No readings yet">
        <p>Readings appear here as they arrive.</p>
      </Empty>
    );
  }
  if (shown.length === 0) {
    return (
      <Empty title="No channel selected">
        <p>Select one below to show it here.</p>
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
          what="Failed to load history"
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
          onZoom={(from, to) => update({ from: Math.round(from), to: Math.round(to), pause: 0 })}
          onReset={() => update({ from: 0, to: 0, pause: 0 })}
        />
      )}
    </>
  );
}

/** Status of the paused chart; data collection continues. */
function Waiting({ feed, shown, since }: { feed: DeviceFeed; shown: string[]; since: number }) {
  const [waiting, setWaiting] = useState(0);
  useFrames(500, () => {
    const counts = shown.map((metric) => feed.channels.get(metric)?.series.countAfter(since) ?? 0);
    setWaiting(counts.reduce((sum, n) => sum + n, 0));
  });
  return (
    <p class="waiting num">
      {waiting > 0
        ? `Paused; ${count(waiting)} new ${waiting === 1 ? 'reading' : 'readings'}`
        : isLost.value
          ? 'Paused; no connection to the hub'
          : 'Paused; no new readings'}
    </p>
  );
}

export function rangeText(query: DeviceQuery): string {
  return query.from ? 'in view' : `in ${RANGE_WORDS[query.range]}`;
}
