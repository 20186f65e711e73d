import type { FeedClient } from '../feed/feed-client';
import type { SubscriptionHandle } from '../feed/subscriptions';
import type { Definition } from './definition';
import { DefinitionStore, type TypedDevice } from './definition-store';
import type { DeviceDescription } from './device-type';

/** The definitions that all screens share. */
export const definitions = new DefinitionStore();

/** What is known about one device, from its type and its own description. A component that calls it follows changes. */
export function definitionOf(device: TypedDevice): Definition {
  followed();
  return definitions.ofDevice(device);
}

/** What is known about a device of a list, from its type. */
export function listedDefinitionOf(device: TypedDevice): Definition {
  followed();
  return definitions.ofListed(device);
}

/** What holds for a device and what it says of itself; null until it is known. */
export function descriptionOf(id: string): DeviceDescription | null {
  followed();
  return definitions.description(id);
}

/** Whether neither the type nor the device says anything. */
export function isUndescribed(device: TypedDevice): boolean {
  followed();
  return definitions.isUndescribed(device);
}

/** Makes the calling component render again when definitions have changed, or may have. */
function followed(): void {
  definitions.version.value;
  definitions.staleness.value;
}

/** Follows changes of types. Those of descriptions are events of the devices, which their screens follow. */
export function followDefinitions(live: FeedClient): SubscriptionHandle {
  return live.follow(
    { topics: ['types'] },
    {
      readState: () => definitions.refresh(),
      event: (event) => event.type === 'device-type' && definitions.typeChanged(event.name),
    },
  );
}
