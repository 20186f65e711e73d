import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { can, hubNow, tick } from '../app/app-state';
import { age, atDayAndTime, count } from '../app/formats';
import { typesUrl } from '../app/router';
import { Icon } from '../components/icons';
import { JsonView } from '../components/json-view';
import { Empty, Fault, Loading } from '../components/placeholders';
import { useVersions } from '../components/use-versions';
import { descriptionOf } from '../device-types/definitions';
import type { DeviceDescription, Difference, OwnDescription } from '../device-types/device-type';
import { tokensOf } from '../device-types/schema';
import { unitText } from '../device-types/units';
import type { Device } from '../hub/api-types';
import { part, request } from '../hub/rest';

/** Longer values of differences are cut; versions show them whole. */
const LONGEST = 300;
const SHOWN = 30;

/** What the device says of itself, where that differs from its type, and what it said before. */
export function DescriptionTab({ device }: { device: Device }) {
  const description = descriptionOf(device.id);
  if (!description) {
    return (
      <section class="card" aria-label="Description">
        <Loading rows={4} />
      </section>
    );
  }
  const { described } = description;
  return (
    <>
      <section class="card" aria-label="Description">
        <header>
          <h2>What the device says of itself</h2>
          {described && <span class="mute num">version {count(described.version)}</span>}
        </header>
        {described ? <Facts description={description} /> : <Silent description={description} />}
        {described && description.typeVersion === undefined && can('devices:write') && (
          <p class="offer">
            <span>This description applies to this device only.</span>
            <a class="btn" href={typesUrl(description.type, { from: device.id })}>
              Make a type from this device
            </a>
          </p>
        )}
      </section>
      {described && description.typeVersion !== undefined && <Differences description={description} />}
      {described && <Versions key={described.version} id={device.id} present={described.version} />}
    </>
  );
}

function Facts({ description }: { description: DeviceDescription }) {
  tick.value;
  const { firmware, hardware, serial, described } = description;
  return (
    <dl class="about">
      <Fact name="Firmware">{firmware}</Fact>
      <Fact name="Hardware">{hardware}</Fact>
      <Fact name="Serial number">{serial}</Fact>
      <Fact name="Described">
        {described && (
          <span title={atDayAndTime(described.changed)}>{age(hubNow() - described.changed)} ago</span>
        )}
      </Fact>
      <Fact name="Type">{typeText(description)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="num">{children ?? <span class="mute">not given</span>}</dd>
    </div>
  );
}

function typeText({ type, typeVersion }: DeviceDescription): ComponentChildren {
  return type ? (
    <>
      <a class="link" href={typesUrl(type)}>
        {type}
      </a>
      <span class="mute">
        {typeVersion === undefined ? ', not defined' : `, version ${count(typeVersion)}`}
      </span>
    </>
  ) : (
    <span class="mute">none</span>
  );
}

function Silent({ description: { type, typeVersion } }: { description: DeviceDescription }) {
  return (
    <Empty title="This device has not described itself">
      <p>
        {type && typeVersion !== undefined ? (
          <>
            Labels, units and commands come from its type{' '}
            <a class="link" href={typesUrl(type)}>
              {type}
            </a>
            .
          </>
        ) : (
          'Labels are guesses, and its commands are unknown.'
        )}
      </p>
      <p class="mute">A device can send its versions, metrics and commands itself:</p>
      <code>PUT /device/v1/description</code>
    </Empty>
  );
}

/** Where type and device say different things. */
function Differences({ description: { differences = [] } }: { description: DeviceDescription }) {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? differences : differences.slice(0, SHOWN);
  return (
    <section class="card" aria-label="Differences">
      <header>
        <h2>Differences from its type</h2>
        {differences.length > 0 && <span class="mute num">{count(differences.length)}; the type wins</span>}
      </header>
      {differences.length === 0 ? (
        <p class="pad mute">None: description and type agree.</p>
      ) : (
        <table class="twin differences">
          <thead>
            <tr>
              <th>Place</th>
              <th>The type says</th>
              <th>The device says</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((difference) => (
              <DifferenceRow key={difference.pointer} difference={difference} />
            ))}
          </tbody>
        </table>
      )}
      {shown.length < differences.length && (
        <div class="more">
          <button type="button" class="btn sm" onClick={() => setAll(true)}>
            Show all {count(differences.length)}
          </button>
        </div>
      )}
    </section>
  );
}

function DifferenceRow({ difference: { pointer, type, device } }: { difference: Difference }) {
  const tokens = tokensOf(pointer);
  const name = tokens.at(-1);
  return (
    <tr>
      <td title={pointer}>
        {tokens.slice(0, -1).map((token) => (
          <span key={token} class="mute">
            {token} ›{' '}
          </span>
        ))}
        {name}
      </td>
      <td>
        <b>{saidText(name, type)}</b>
      </td>
      <td class="mute">{saidText(name, device)}</td>
    </tr>
  );
}

/** A value as people write it. */
function saidText(name: string | undefined, value: unknown): string {
  if (typeof value === 'string') {
    return (name === 'unit' && unitText(value)) || value;
  }
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}

async function readVersions(id: string): Promise<OwnDescription[]> {
  const page = await request<{ items: OwnDescription[] }>(`/devices/${part(id)}/description/versions`);
  return page.items;
}

/** What the device has said, newest first; each can be opened. */
function Versions({ id, present }: { id: string; present: number }) {
  tick.value;
  const { versions, fault, read } = useVersions(id, readVersions);
  const [open, setOpen] = useState<number | null>(null);
  return (
    <section class="card" aria-label="Versions">
      <header>
        <h2>Versions</h2>
      </header>
      {fault !== null && <Fault what="Failed to load the versions" fault={fault} retry={read} />}
      {versions === null && fault === null && <Loading rows={2} />}
      <ol class="versions">
        {versions?.map(({ version, changed, ...document }) => (
          <li key={version}>
            <span class="num">
              <b>Version {version}</b>{' '}
              <span class="mute" title={atDayAndTime(changed)}>
                {age(hubNow() - changed)} ago
                {document.firmware && `, firmware ${document.firmware}`}
                {version === present && ', present'}
              </span>
            </span>
            <button
              type="button"
              class="disclose"
              aria-expanded={open === version}
              onClick={() => setOpen(open === version ? null : version)}
            >
              Show<span class="vh"> version {version}</span>
              <Icon name="chevron" />
            </button>
            {open === version && (
              <div class="said">
                <JsonView value={document} />
              </div>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
