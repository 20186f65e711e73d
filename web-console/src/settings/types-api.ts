import type { DeviceDescription, StoredType, TypePage } from '../device-types/device-type';
import type { Command, CommandPage, Device, DevicePage, History, Latest } from '../hub/api-types';
import { ApiError, part, request, requestTagged, type Tagged } from '../hub/rest';
import type { Seen } from './propose';

/** Requests of the screens of device types. All throw the errors of `request`. */

const SEEN_MS = 3_600_000;
const SEEN_READINGS = 2_000;
const SEEN_COMMANDS = 200;

const pathOf = (type: string) => `/types/${part(type)}`;

export function readTypes(cursor: string | null, signal: AbortSignal): Promise<TypePage> {
  return request<TypePage>('/types', { query: { ...(cursor ? { cursor } : {}) }, signal });
}

/** A type; null if it is not defined. */
export async function readType(type: string): Promise<Tagged<StoredType> | null> {
  try {
    return await requestTagged<StoredType>(pathOf(type));
  } catch (fault) {
    if (fault instanceof ApiError && fault.status === 404) {
      return null;
    }
    throw fault;
  }
}

/** Kept versions, newest first; empty for a type that never was. */
export async function readVersions(type: string): Promise<StoredType[]> {
  try {
    return (await request<TypePage>(`${pathOf(type)}/versions`)).items;
  } catch (fault) {
    if (fault instanceof ApiError && fault.status === 404) {
      return [];
    }
    throw fault;
  }
}

/**
 * Stores a definition if nobody has changed it since.
 *
 * @param text JSON, sent as it is: a number may have more digits than a browser can hold
 * @param etag of the version on which it is based; null if there was none
 */
export async function saveType(type: string, text: string, etag: string | null): Promise<Tagged<StoredType>> {
  const headers = etag ? { 'If-Match': etag } : { 'If-None-Match': '*' };
  const answer = await requestTagged<StoredType>(pathOf(type), { method: 'PUT', text, headers });
  return answer as Tagged<StoredType>;
}

export function deleteType(type: string, etag: string): Promise<void> {
  return request<void>(pathOf(type), { method: 'DELETE', headers: { 'If-Match': etag } });
}

export async function countDevices(type: string): Promise<number> {
  return (await request<DevicePage>('/devices', { query: { type, limit: 1 } })).total;
}

export function setType(device: string, type: string): Promise<Device> {
  return request<Device>(`/devices/${part(device)}`, { method: 'PATCH', body: { type } });
}

/** What is known of a device: what it says, its newest readings, those of its last hour, and its commands. */
export async function readSeen(id: string): Promise<Seen> {
  const path = `/devices/${part(id)}`;
  const { metrics } = await request<{ metrics: Record<string, Latest> }>(`${path}/telemetry/latest`);
  const newest = Math.max(0, ...Object.values(metrics).map((one) => one.ts));
  const query = { from: newest - SEEN_MS, to: newest + 1, limit: SEEN_READINGS };
  const [device, history, commands, said] = await Promise.all([
    request<Device>(path),
    newest ? request<History | History[]>(`${path}/telemetry`, { query }) : [],
    request<CommandPage>(`${path}/commands`, { query: { limit: SEEN_COMMANDS } }).then(
      ({ items }): Command[] => items,
    ),
    request<DeviceDescription>(`${path}/description`),
  ]);
  return { device, latest: metrics, history: Array.isArray(history) ? history : [history], commands, said };
}

/** The document of a version, without what the hub adds to it. */
export function documentText({ type, version, changed, by, deleted, ...document }: StoredType): string {
  return JSON.stringify(document, null, 2);
}
