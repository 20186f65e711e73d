import { useEffect, useMemo } from 'preact/hooks';
import { can, live } from '../app/app-state';
import { type DeviceQuery, typesUrl } from '../app/router';
import { lazy } from '../components/lazy';
import { Empty, ErrorState, Loading } from '../components/placeholders';
import { isUndescribed } from '../device-types/definitions';
import type { Device } from '../hub/api-types';
import { Channels } from './channels';
import { ChartPanel } from './chart-panel';
import { CommandList } from './command-list';
import { DeviceFeed } from './device-feed';
import { DeviceHead } from './device-head';
import { Tabs } from './tabs';

const CommandForm = lazy(async () => (await import('../command-form/command-form')).CommandForm, 4);
const TwinTab = lazy(async () => (await import('../twin/twin-tab')).TwinTab);
const DescriptionTab = lazy(async () => (await import('./description-tab')).DescriptionTab);
const WhyTab = lazy(async () => (await import('../diagnostics/diagnostics-tab')).DiagnosticsTab);

export function DeviceScreen({ id, query }: { id: string; query: DeviceQuery }) {
  const feed = useMemo(() => new DeviceFeed(id, live), [id]);
  useEffect(() => () => feed.close(), [feed]);
  const device = feed.device.value;
  if (feed.gone.value) {
    return <Gone id={id} />;
  }
  if (!device) {
    return (
      <section class="card">
        {feed.fault.value ? (
          <ErrorState
            what={`Failed to load ${id}`}
            fault={feed.fault.value}
            retry={() => void feed.readState()}
          />
        ) : (
          <Loading rows={6} />
        )}
      </section>
    );
  }
  return (
    <>
      <DeviceHead device={device} feed={feed} query={query} />
      <Tabs id={id} query={query} />
      <div class="dev-grid">
        <div class="col">
          <Shown feed={feed} device={device} query={query} />
        </div>
        <div class="col">
          {can('commands:write') && <CommandForm feed={feed} device={device} />}
          <CommandList feed={feed} device={device} query={query} />
        </div>
      </div>
    </>
  );
}

function Shown({ feed, device, query }: { feed: DeviceFeed; device: Device; query: DeviceQuery }) {
  switch (query.tab) {
    case 'live':
      return (
        <>
          <ChartPanel feed={feed} device={device} query={query} />
          <Channels feed={feed} device={device} query={query} />
          {can('devices:write') && isUndescribed(device) && <Undescribed device={device} />}
        </>
      );
    case 'state':
      return <TwinTab device={device} />;
    case 'description':
      return <DescriptionTab device={device} />;
    case 'why':
      return <WhyTab id={device.id} query={query} />;
  }
}

/** Offers to describe a device of which labels, units and commands are guesses. */
function Undescribed({ device: { id, type } }: { device: Device }) {
  return (
    <section class="card" aria-label="Device type">
      <p class="offer">
        <span>
          {type ? `The type ${type} is not defined` : 'This device has no type'}: labels are guesses, units
          and command forms are missing.
        </span>
        <a class="btn" href={typesUrl(type, { from: id })}>
          Make a type from this device
        </a>
      </p>
    </section>
  );
}

function Gone({ id }: { id: string }) {
  return (
    <section class="card">
      <Empty title="Device not found">
        <p>
          <code>{id}</code> is not registered at this hub, or was removed.
        </p>
        <a class="link" href="/fleet">
          Back to the fleet
        </a>
      </Empty>
    </section>
  );
}
