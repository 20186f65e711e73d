import type { ComponentChildren } from 'preact';
import { hubNow, isLost, knownAt, tick } from '../app/app-state';
import { age, atDayAndTime } from '../app/formats';
import { type DeviceQuery, deviceUrl, typesUrl } from '../app/router';
import { Icon } from '../components/icons';
import { causeText, contactAt, contactIn, flappingText, transportWord } from '../components/presence';
import { Badge, FLAPPING, PRESENCE } from '../components/status';
import { descriptionOf } from '../device-types/definitions';
import type { Device, Flapping, Presence } from '../hub/api-types';
import type { DeviceFeed } from './device-feed';

interface HeadProps {
  device: Device;
  feed: DeviceFeed;
  query: DeviceQuery;
}

/** Header with identity, presence, cause and age of the last reading. */
export function DeviceHead({ device, feed, query }: HeadProps) {
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
        {presence.flapping && (
          <Badge tone={FLAPPING[presence.flapping.kind]}>{flappingText(presence.flapping).word}</Badge>
        )}
        {!device.enabled && <Badge tone="major">Disabled</Badge>}
      </div>
      <div class="facts num">
        <Since presence={presence} />
        <Transport presence={presence} />
        {Number.isFinite(lastReading) && (
          <Fact name="Last reading" title={atDayAndTime(lastReading)}>
            {age(hubNow() - lastReading)} ago
          </Fact>
        )}
        {device.type && (
          <Fact name="Type">
            <a href={typesUrl(device.type)}>{device.type}</a>
          </Fact>
        )}
        <Firmware id={device.id} />
        {labels.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </div>
      {presence.flapping && <FlappingNotice flapping={presence.flapping} href={whyUrl(device.id, query)} />}
    </div>
  );
}

/** As the device says it. */
function Firmware({ id }: { id: string }) {
  const firmware = descriptionOf(id)?.firmware;
  return firmware === undefined ? null : <Fact name="Firmware">{firmware}</Fact>;
}

function whyUrl(id: string, query: DeviceQuery): string {
  return deviceUrl(id, { ...query, tab: 'why' });
}

function Since({ presence }: { presence: Presence }) {
  tick.value;
  if (presence.cause === 'never-seen') {
    return <Fact name="Never connected,">registered {age(knownAt() - presence.since)} ago</Fact>;
  }
  const isCommon = presence.state === 'online' || presence.state === 'asleep';
  const cause = isCommon ? '' : causeText(presence.cause);
  const { word } = PRESENCE[presence.state];
  return (
    <>
      <Fact
        name={isLost.value ? `Was ${word.toLowerCase()}` : word}
        title={`since ${atDayAndTime(presence.since)}`}
      >
        for {age(knownAt() - presence.since)}
        {cause && `, ${cause}`}
      </Fact>
      <NextContact presence={presence} />
    </>
  );
}

/** Next contact of a polling device, such as "Next contact in 40 s". */
function NextContact({ presence }: { presence: Presence }) {
  tick.value;
  const now = knownAt();
  const when = contactIn(presence, now);
  return when ? (
    <Fact name={presence.state === 'overdue' ? 'Contact was due' : 'Next contact'}>
      {when}, at {contactAt(presence, now)}
    </Fact>
  ) : null;
}

/** Current transport, or the last one of an offline device. */
function Transport({ presence: { state, transport, address, session } }: { presence: Presence }) {
  if (!transport) {
    return null;
  }
  const word = transportWord(transport);
  return (
    <Fact name={state === 'offline' ? `Last by ${word}` : word} title={session && `session ${session}`}>
      {address ?? ''}
    </Fact>
  );
}

function FlappingNotice({ flapping, href }: { flapping: Flapping; href: string }) {
  return (
    <div class={`banner ${flapping.kind === 'contested' ? 'bad' : 'warn'}`} role="status">
      <Icon name="alert" />
      <span class="num">{flappingText(flapping).text}</span>
      <a class="btn sm" href={href}>
        Why?
      </a>
    </div>
  );
}

function Fact(props: { name: string; title?: string | undefined; children: ComponentChildren }) {
  return (
    <span title={props.title}>
      {props.name} <b>{props.children}</b>
    </span>
  );
}
