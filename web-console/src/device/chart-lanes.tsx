import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { hubNow, isLost, link } from '../app/app-state';
import { atDayAndTime, atTime } from '../app/formats';
import type { DeviceQuery } from '../app/router';
import { theme } from '../app/theme';
import { LiveChart } from '../chart/live-chart';
import { gapOf, type Span, spanOf } from '../chart/span';
import { MisfitMark } from '../components/misfit-mark';
import type { Definition } from '../device-types/definition';
import { definitionOf } from '../device-types/definitions';
import type { Device } from '../hub/api-types';
import { rangeText } from './chart-panel';
import { type Channel, type DeviceFeed, POINTS } from './device-feed';
import { isNumeric } from './selected-metrics';
import { StateLane } from './state-lane';
import { useFrames } from './use-frames';

interface LanesProps {
  feed: DeviceFeed;
  device: Device;
  query: DeviceQuery;
  shown: string[];
  onZoom: (from: number, to: number) => void;
  onReset: () => void;
}

const DRAW_EVERY_MS = 250;
const CURSOR_STEPS = 60;
/** Distance from the cursor at which a misfit counts as being there, where there are no other readings. */
const NEAR_MS = 5_000;
/** Longer spans show the date as well. */
const A_DAY_MATTERS_MS = 12 * 3_600_000;

/** Stacked lanes on one time axis; each channel has its own scale. */
export function Lanes({ feed, device, query, shown, onZoom, onReset }: LanesProps) {
  const charts = useRef(new Map<string, LiveChart>());
  // The chart outlives renders, so its callbacks must use the current props.
  const act = useRef({ onZoom, onReset });
  act.current = { onZoom, onReset };
  const [cursor, setCursor] = useState<number | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const definition = definitionOf(device);
  const span = spanNow(query);
  const lastLine = shown.findLast((metric) => isNumeric(feed.channels.get(metric)));

  useFrames(DRAW_EVERY_MS, () => {
    const now = spanNow(query);
    for (const [metric, chart] of charts.current) {
      drawLane(feed, metric, chart, now, definition);
    }
  });

  function step(key: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
    const by = steps[key.key];
    if (by === undefined) {
      return;
    }
    key.preventDefault();
    const at = cursor ?? span.to;
    const next = Math.min(span.to, Math.max(span.from, at + (by * (span.to - span.from)) / CURSOR_STEPS));
    charts.current.forEach((chart) => {
      chart.pointAt(next);
    });
    setCursor(next);
    setAnnouncement(cursorText(feed, definition, shown, next));
  }

  return (
    <div class="lanes">
      {/* biome-ignore lint/a11y/useSemanticElements: a chart is not a fieldset */}
      <div
        role="group"
        class="lanes-focus"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the cursor in the chart
        tabIndex={0}
        aria-label={`Chart of ${shown.length} channels. Arrow keys move the cursor; t shows a table.`}
        onKeyDown={step}
      >
        {shown.map((metric, i) =>
          isNumeric(feed.channels.get(metric)) ? (
            <Lane
              key={metric}
              feed={feed}
              device={device}
              query={query}
              metric={metric}
              series={i}
              isLast={metric === lastLine}
              cursor={cursor}
              register={(chart) => {
                if (chart) {
                  charts.current.set(metric, chart);
                  chart.onZoom = (from, to) => act.current.onZoom(from, to);
                  chart.onReset = () => act.current.onReset();
                  chart.onCursor = setCursor;
                  drawLane(feed, metric, chart, spanNow(query), definition);
                } else {
                  charts.current.delete(metric);
                }
              }}
            />
          ) : (
            <StateLane
              key={metric}
              feed={feed}
              device={device}
              metric={metric}
              cursor={cursor}
              view={() => spanNow(query)}
              onCursor={setCursor}
            />
          ),
        )}
      </div>
      <p class="vh" role="status">
        {announcement}
      </p>
      <p class="cursor-time num mute">{cursor === null ? endText(span) : `at ${atTime(cursor)}`}</p>
    </div>
  );
}

/** The chart stops while disconnected, so that it does not suggest missing data. */
function spanNow(query: DeviceQuery): Span {
  const state = link.value;
  const now = state.state === 'lost' ? state.since + hubNow() - Date.now() : hubNow();
  return spanOf(query, now);
}

function endText(span: Span): string {
  const at = span.to - span.from > A_DAY_MATTERS_MS ? atDayAndTime : atTime;
  return `${at(span.from)} to ${span.moving && !isLost.value ? 'now' : at(span.to)}`;
}

function drawLane(
  feed: DeviceFeed,
  metric: string,
  chart: LiveChart,
  span: Span,
  definition: Definition,
): void {
  const channel = feed.channels.get(metric);
  if (channel) {
    const { series, misfits } = channel;
    const { min, max, usualMin, usualMax } = definition.metric(metric) ?? {};
    const interval = Math.max(series.usualInterval(), definition.lateAfterMs(metric) ?? 0);
    const cut = series.cut(span.from, span.to, gapOf(span, interval, POINTS));
    const marks = misfits.within(span.from, span.to).map((ts) => ({ ts, value: series.exactly(ts) }));
    const limits = [usualMin, usualMax];
    chart.draw({ from: span.from, to: span.to, ...cut, range: { min, max }, limits, marks });
  }
}

/** Why the reading at the cursor, or the newest one, does not fit the type; a line does not show texts. */
function misfitOf({ misfits, series, latest }: Channel, cursor: number | null): string | undefined {
  if (cursor === null || misfits.size === 0) {
    return misfits.textAt(latest.ts);
  }
  const found = series.nearest(cursor);
  const closest = misfits.nearest(cursor, found ? Math.abs(found.ts - cursor) : NEAR_MS);
  return closest === undefined ? undefined : misfits.textAt(closest);
}

function cursorText(feed: DeviceFeed, definition: Definition, shown: string[], at: number): string {
  const values = shown.map((metric) => {
    const channel = feed.channels.get(metric);
    const name = definition.label(metric);
    if (!isNumeric(channel)) {
      const held = channel?.states.at(at);
      return `${name} ${held ? definition.text(metric, held.value) : 'unknown'}`;
    }
    const found = channel?.series.nearest(at);
    const misfit = channel && misfitOf(channel, at);
    const value = found ? definition.textWithUnit(metric, found.value, channel?.unit) : 'no reading';
    return `${name} ${value}${misfit ? ` (${misfit})` : ''}`;
  });
  return `${atTime(at)}: ${values.join(', ')}`;
}

function changeText(definition: Definition, metric: string, change: number, value?: number): string {
  const size = definition.figure(metric, Math.abs(change), value);
  return Number(size) === 0 ? 'no change' : `${change > 0 ? '+' : '−'}${size}`;
}

interface LaneProps {
  feed: DeviceFeed;
  device: Device;
  query: DeviceQuery;
  metric: string;
  series: number;
  isLast: boolean;
  cursor: number | null;
  register: (chart: LiveChart | null) => void;
}

function Lane({ feed, device, query, metric, series, isLast, cursor, register }: LaneProps) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = host.current as HTMLDivElement;
    const chart = new LiveChart(element, { series, showTime: isLast }, `device-${device.id}`);
    const sizes = new ResizeObserver(() => chart.resize());
    sizes.observe(element);
    const unsubscribe = theme.subscribe(() => chart.recolour());
    register(chart);
    return () => {
      register(null);
      unsubscribe();
      sizes.disconnect();
      chart.destroy();
    };
  }, [device.id, series, isLast]);

  const definition = definitionOf(device);
  const unit = definition.unit(metric, feed.channels.get(metric)?.unit);
  return (
    <div class="lane">
      <span class="ttl">
        <i class={`dash s${series + 1}`} />
        <b>{definition.label(metric)}</b>
        <span class="mute">{unit}</span>
      </span>
      <div class="plot" ref={host} />
      <LaneEnd
        feed={feed}
        definition={definition}
        metric={metric}
        unit={unit}
        query={query}
        cursor={cursor}
      />
    </div>
  );
}

/** Value at the cursor or the end of the lane, and its change over the lane. */
function LaneEnd(props: {
  feed: DeviceFeed;
  definition: Definition;
  metric: string;
  unit: string;
  query: DeviceQuery;
  cursor: number | null;
}) {
  const { feed, definition, metric, unit, query, cursor } = props;
  const [, redraw] = useState(0);
  useFrames(DRAW_EVERY_MS, () => redraw((n) => n + 1));
  const channel = feed.channels.get(metric);
  const series = channel?.series;
  const misfit = channel && misfitOf(channel, cursor);
  // The line shows numbers only, so the newest value is told beside it.
  const isBeside = misfit && cursor === null && typeof channel?.latest.value !== 'number';
  const span = spanNow(query);
  const now = cursor === null ? series?.valueAt(span.to) : series?.nearest(cursor);
  const first = series?.valueAt(Math.max(span.from, series.first));
  const change = now && first && cursor === null ? now.value - first.value : null;
  return (
    <div class="end">
      <span class="val">
        {misfit && !isBeside && <MisfitMark text={misfit} />}
        {now ? definition.text(metric, now.value) : '—'}
        <small>{!(now && definition.isNamed(metric, now.value)) && unit}</small>
      </span>
      <span class="d num">
        {isBeside ? (
          <>
            <MisfitMark text={misfit} /> newest: {definition.text(metric, channel?.latest.value)}
          </>
        ) : (
          change !== null && `${changeText(definition, metric, change, now?.value)} ${rangeText(query)}`
        )}
        {cursor !== null && 'at the cursor'}
      </span>
    </div>
  );
}
