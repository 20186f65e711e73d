import type { ComponentChildren } from 'preact';
import { age, atDayAndTime } from '../app/formats';
import { hubNow, isLost, link, tick } from '../app/hub';
import type { Device } from '../hub/shapes';
import { Icon } from '../parts/icons';
import { Badge, causeText, PRESENCE } from '../parts/status';
import type { DeviceFeed } from './device-feed';

/** Who it is, whether it can be reached, since when and why, and how fresh what it says is. */
export function DeviceHead({ device, feed }: { device: Device; feed: DeviceFeed }) {
  tick.value;
  const { presence } = device;
  const { word, tone } = PRESENCE[presence.state];
  const labels = Object.entries(device.labels ?? {});
  const lastReading = Math.max(...[...feed.channels.values()].map((channel) => channel.latest.ts));
  return (
    <div>
      <nav class="crumb" aria-label="Breadcrumb">
        <a href="/fleet">Fleet</a>
        <Icon name="chevron" />
        <span aria-current="page">{device.name ?? device.id}</span>
      </nav>
      <div class="head">
        <h1>{device.id}</h1>
        {isLost.value ? (
          <Badge tone="off">{`Was ${word.toLowerCase()}`}</Badge>
        ) : (
          <Badge tone={tone}>{word}</Badge>
        )}
        {!device.enabled && <Badge tone="major">Disabled</Badge>}
      </div>
      <div class="facts num">
        <Since device={device} />
        {Number.isFinite(lastReading) && (
          <Fact name="Last reading" title={atDayAndTime(lastReading)}>
            {age(hubNow() - lastReading)} ago
          </Fact>
        )}
        {presence.transport && (
          <Fact name={presence.transport === 'websocket' ? 'WebSocket' : presence.transport}>
            {presence.address ?? ''}
          </Fact>
        )}
        {device.type && <Fact name="Type">{device.type}</Fact>}
        {labels.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </div>
    </div>
  );
}

function Since({ device: { presence } }: { device: Device }) {
  const cause = presence.state === 'online' ? '' : causeText(presence.cause);
  const { word } = PRESENCE[presence.state];
  const until = link.value.state === 'lost' ? link.value.since : Date.now();
  const elapsed = age(until + hubNow() - Date.now() - presence.since);
  return (
    <Fact
      name={isLost.value ? `Was ${word.toLowerCase()}` : word}
      title={`since ${atDayAndTime(presence.since)}`}
    >
      for {elapsed}
      {cause && `, ${cause}`}
    </Fact>
  );
}

function Fact({ name, title, children }: { name: string; title?: string; children: ComponentChildren }) {
  return (
    <span title={title}>
      {name} <b>{children}</b>
    </span>
  );
}
