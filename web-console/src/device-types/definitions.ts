import type { Device } from '../hub/api-types';
import type { Definition } from './definition';
import { DefinitionStore } from './definition-store';

/** The definitions that all screens share. */
export const definitions = new DefinitionStore();

const REFRESH_MS = 15_000;

/** What is known about a device, from its type and its own description. A component that calls it follows changes. */
export function definitionOf(device: Pick<Device, 'type'> & { id?: string }): Definition {
  definitions.version.value;
  return definitions.ofDevice(device);
}

/** Whether the hub has no definition for the device. */
export function isUndescribed(device: Pick<Device, 'type'>): boolean {
  definitions.version.value;
  return definitions.isMissing(device.type);
}

/** Follows changes of the types: they cause no events. */
export function startDefinitions(): void {
  const refresh = () => document.visibilityState === 'visible' && void definitions.refresh();
  setInterval(refresh, REFRESH_MS);
  document.addEventListener('visibilitychange', refresh);
}
