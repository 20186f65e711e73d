import { useState } from 'preact/hooks';
import { atDayAndTime, took } from '../app/formats';
import type { Span } from '../chart/span';
import { keyOf, type StateSpan, totalsOf } from '../chart/state-spans';
import { MisfitMark } from '../components/misfit-mark';
import { definitionOf } from '../device-types/definitions';
import type { Device, Value } from '../hub/api-types';
import type { DeviceFeed } from './device-feed';
import { useFrames } from './use-frames';

const DRAW_EVERY_MS = 250;
/** Minimum width of a band with text. */
const WORD_AT_LEAST = 0.07;
/** Spans shorter than a pixel of a wide screen are merged. */
const HAIR = 1 / 1_600;
const COLOURS = 6;

interface StateLaneProps {
  feed: DeviceFeed;
  device: Device;
  metric: string;
  cursor: number | null;
  /** The view at the time of drawing. */
  view: () => Span;
  onCursor: (ts: number | null) => void;
}

/** Lane of a non-numeric channel: one band per state. */
export function StateLane({ feed, device, metric, cursor, view, onCursor }: StateLaneProps) {
  const [, redraw] = useState(0);
  useFrames(DRAW_EVERY_MS, () => redraw((n) => n + 1));
  const definition = definitionOf(device);
  const text = (value: Value) => definition.text(metric, value);
  const channel = feed.channels.get(metric);
  const states = channel?.states;
  const { from, to } = view();
  const spans = states?.cut(from, to) ?? [];
  const misfits = channel?.misfits.within(from, to) ?? [];
  const misfitIn = (span: StateSpan | null | undefined) => {
    const ts = span && misfits.findLast((one) => one >= span.from && one < span.to);
    return ts === undefined || ts === null ? undefined : channel?.misfits.textAt(ts);
  };
  const totals = totalsOf(spans);
  const colours = new Map(totals.map((total, i) => [keyOf(total.value), (i % COLOURS) + 1]));
  const held = cursor === null ? spans.at(-1) : spans.find((one) => one.from <= cursor && one.to > cursor);
  const misfit = misfitIn(held);
  const total = held && totals.find((one) => keyOf(one.value) === keyOf(held.value));
  const share = (ms: number) => `${(100 * ms) / (to - from)}%`;

  function point(event: PointerEvent) {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    onCursor(from + ((event.clientX - box.left) / box.width) * (to - from));
  }

  return (
    <div class="lane states">
      <span class="ttl">
        <b>{definition.label(metric)}</b>
        <span class="mute">{totalText(totals, text)}</span>
      </span>
      <div class="bands" onPointerMove={point} onPointerLeave={() => onCursor(null)}>
        {drawn(spans, (to - from) * HAIR).map((span) => (
          <span
            key={span.from}
            class={`band s${colours.get(keyOf(span.value))}${misfitIn(span) ? ' misfit' : ''}`}
            style={{ left: share(span.from - from), width: share(span.to - span.from) }}
            title={`${text(span.value)}, ${atDayAndTime(span.from)} to ${atDayAndTime(span.to)} (${took(span.to - span.from)})${sentence(misfitIn(span))}`}
          >
            {span.to - span.from > (to - from) * WORD_AT_LEAST && text(span.value)}
          </span>
        ))}
        {cursor !== null && <i class="at" style={{ left: share(cursor - from) }} />}
      </div>
      <div class="end">
        <span class="val clip">
          {misfit && <MisfitMark text={misfit} />}
          {held ? text(held.value) : '—'}
        </span>
        <span class="d num">{cursor !== null ? 'at the cursor' : total && `${took(total.ms)} in view`}</span>
      </div>
    </div>
  );
}

function sentence(text: string | undefined): string {
  return text ? `. ${text}` : '';
}

/** Merges spans too short to be visible into one band of the longest state. */
function drawn(spans: StateSpan[], hair: number): StateSpan[] {
  const bands: StateSpan[] = [];
  let short: StateSpan[] = [];
  const flush = () => {
    const first = short[0];
    const longest = totalsOf(short)[0];
    if (first && longest) {
      bands.push({ from: first.from, to: (short.at(-1) as StateSpan).to, value: longest.value });
    }
    short = [];
  };
  for (const span of spans) {
    if (span.to - span.from >= hair) {
      flush();
      bands.push(span);
    } else {
      short.push(span);
      if (span.to - (short[0] as StateSpan).from >= hair) {
        flush();
      }
    }
  }
  flush();
  return bands;
}

function totalText(totals: { value: Value; ms: number }[], text: (value: Value) => string): string {
  const some = totals.slice(0, 3).map(({ value, ms }) => `${text(value)} ${took(ms)}`);
  return some.join(', ') + (totals.length > 3 ? ` and ${totals.length - 3} more` : '');
}
