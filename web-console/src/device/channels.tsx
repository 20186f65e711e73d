import { useState } from 'preact/hooks';
import { hubNow, isLost } from '../app/app-state';
import { age, atDayAndTime, count } from '../app/formats';
import { type DeviceQuery, deviceUrl, replaceUrl } from '../app/router';
import { spanOf } from '../chart/span';
import { MisfitMark } from '../components/misfit-mark';
import { Glyph } from '../components/status';
import type { Definition } from '../device-types/definition';
import { definitionOf } from '../device-types/definitions';
import type { Device } from '../hub/api-types';
import type { Channel, DeviceFeed } from './device-feed';
import { byRank, MAX_LANES, NONE, shownMetrics } from './selected-metrics';
import { useFrames } from './use-frames';

const LATE_INTERVALS = 3;
const LATE_AT_LEAST_MS = 5_000;

/** All channels with newest value and age; checked ones are shown in the chart. */
export function Channels({ feed, device, query }: { feed: DeviceFeed; device: Device; query: DeviceQuery }) {
  const [, redraw] = useState(0);
  useFrames(250, () => redraw((n) => n + 1));
  const definition = definitionOf(device);
  const metrics = byRank(feed.metrics.value, definition);
  const shown = shownMetrics(feed, definition, query);
  const span = spanOf(query, hubNow());

  function toggle(metric: string, on: boolean) {
    const chosen = on ? [...shown, metric].slice(-MAX_LANES) : shown.filter((one) => one !== metric);
    replaceUrl(deviceUrl(device.id, { ...query, ch: chosen.length ? chosen : [NONE] }));
  }

  if (metrics.length === 0) {
    return null;
  }
  return (
    <section class="card readings" aria-label="All readings">
      <header>
        <h2>All readings</h2>
        <span class="mute num">
          {count(metrics.length)} {metrics.length === 1 ? 'channel' : 'channels'}
        </span>
      </header>
      <table>
        <thead>
          <tr>
            <th class="ck">
              <span class="vh">In the chart</span>
            </th>
            <th>Channel</th>
            <th class="r">Now</th>
            <th class="only-w r">Range in view</th>
            <th class="r">Age</th>
          </tr>
        </thead>
        <tbody>
          {metrics.map((metric) => (
            <ChannelRow
              key={metric}
              channel={feed.channels.get(metric) as Channel}
              device={device}
              definition={definition}
              extent={feed.channels.get(metric)?.series.extent(span.from, span.to) ?? null}
              isShown={shown.includes(metric)}
              onToggle={(on) => toggle(metric, on)}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface ChannelRowProps {
  channel: Channel;
  device: Device;
  definition: Definition;
  extent: { min: number; max: number } | null;
  isShown: boolean;
  onToggle: (on: boolean) => void;
}

function ChannelRow({ channel, device, definition, extent, isShown, onToggle }: ChannelRowProps) {
  const { metric, unit } = channel;
  const { ts, value } = channel.latest;
  const name = definition.label(metric);
  const description = definition.metric(metric)?.description;
  const elapsed = hubNow() - ts;
  // A sleeping device sends nothing between two contacts, whatever the interval of its readings.
  const isAsleep = device.presence.state === 'asleep';
  const late = isLost.value || (!isAsleep && elapsed > lateAfter(channel, definition));
  const misfit = channel.misfits.textAt(ts);
  const unusual = !late && !misfit && definition.isUnusual(metric, value) ? ' major' : '';
  return (
    <tr>
      <td class="ck">
        <label class="tick">
          <input
            type="checkbox"
            checked={isShown}
            onChange={(event) => onToggle(event.currentTarget.checked)}
          />
          <span class="vh">Show {name} in the chart</span>
        </label>
      </td>
      <td class="clip" title={description ? `${metric}: ${description}` : metric}>
        {name}
        {misfit && <small class="misfit why">{misfit}</small>}
      </td>
      <td class={late ? 'r val old' : `r val${misfit ? ' major' : unusual}`}>
        {unusual && <Glyph tone="major" />}
        {misfit && <MisfitMark text={misfit} />} {definition.text(metric, value)}
        <small>{!definition.isNamed(metric, value) && definition.unit(metric, unit)}</small>
        {unusual && <span class="vh"> outside of its usual range</span>}
      </td>
      <td class="only-w r mute num">
        {extent && `${definition.figure(metric, extent.min)} to ${definition.figure(metric, extent.max)}`}
      </td>
      <td class={late ? 'r age late' : 'r age'} title={atDayAndTime(ts)}>
        {age(elapsed)}
      </td>
    </tr>
  );
}

/** By the expected interval of the metric; if the type has none, by the intervals seen so far. */
function lateAfter({ metric, series }: Channel, definition: Definition): number {
  return (
    definition.lateAfterMs(metric) ?? Math.max(LATE_AT_LEAST_MS, LATE_INTERVALS * series.usualInterval())
  );
}
