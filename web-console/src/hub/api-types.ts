/** Types of the hub's API, see docs/protocol. All times are Unix milliseconds, UTC. */

export type PresenceState = 'online' | 'asleep' | 'overdue' | 'offline';

export interface Presence {
  state: PresenceState;
  since: number;
  cause?: string;
  transport?: string;
  session?: string;
  address?: string;
  /** Planned contact of a polling device, possibly past. */
  expected?: number;
  flapping?: Flapping;
}

/** Set while the device is flapping. */
export interface Flapping {
  /** Unstable: frequent connects and disconnects; contested: two connections compete for the id. */
  kind: 'unstable' | 'contested';
  /** Number of connects and disconnects since. */
  changes: number;
  since: number;
  /** Addresses of the competing connections, the current holder first; of an unstable device the last address. */
  addresses: string[];
}

export type Value = number | boolean | string | null | object;

export interface Latest {
  ts: number;
  value: Value;
  /** Code of the unit, if it is known. */
  unit?: string;
  /** Why the value does not fit the type; absent if it does. */
  misfit?: string;
}

export interface Device {
  id: string;
  name?: string;
  type?: string;
  labels?: Record<string, string>;
  enabled: boolean;
  created: number;
  presence: Presence;
  latest?: Record<string, Latest>;
}

export interface DevicePage {
  items: Device[];
  next: string | null;
  total: number;
}

export interface History {
  metric: string;
  unit?: string;
  /** Reduction method; points of states have a third element: the duration in ms. */
  aggregate?: 'minmax' | 'states';
  points: ([number, Value] | [number, Value, number])[];
  /** Readings that do not fit the type, with the reason. */
  misfits?: [number, string][];
  next?: number | null;
}

export type CommandState =
  | 'queued'
  | 'sent'
  | 'accepted'
  | 'succeeded'
  | 'failed'
  | 'rejected'
  | 'expired'
  | 'cancelled'
  | 'superseded';

export interface CommandStep {
  state: CommandState;
  ts: number;
  node?: string;
  session?: string;
  transport?: string;
  by?: string;
  reason?: string;
}

export interface Command {
  id: string;
  device: string;
  name: string;
  params?: unknown;
  state: CommandState;
  created: number;
  expires: number;
  notBefore?: number;
  expectedBy?: number;
  job?: string;
  result?: unknown;
  error?: unknown;
  timeline: CommandStep[];
}

export interface CommandPage {
  items: Command[];
  next: string | null;
}

export type Json = { [name: string]: Value | undefined };
export type Side = 'desired' | 'reported';

export interface TwinSide {
  version: number;
  state: Json;
}

export interface Twin {
  device: string;
  desired: TwinSide;
  reported: TwinSide;
  /** Merge patch from `reported` to `desired`; absent if they match. */
  delta?: Json;
}

/** One change of one side of a twin. */
export interface TwinRevision {
  side: Side;
  version: number;
  ts: number;
  by: string;
  patch: Json;
}

export interface TwinHistory {
  items: TwinRevision[];
  next: string | null;
}

/** Entry of the flight recorder; repeated events are one entry with a count. */
export interface Recorded {
  ts: number;
  kind: RecordedKind;
  /** Detail: cause of a session's end, code of a refusal, or state of a command. */
  code: string;
  text: string;
  session?: string;
  transport?: string;
  address?: string;
  command?: string;
  node: string;
  count?: number;
  last?: number;
}

export type RecordedKind =
  | 'connected'
  | 'disconnected'
  | 'takeover'
  | 'refused'
  | 'throttled'
  | 'message'
  | 'result'
  | 'twin'
  | 'polled'
  | 'command'
  | 'changed'
  | 'restarted'
  | 'gap';

export interface RecorderPage {
  items: Recorded[];
  next: string | null;
  total: number;
}

export interface Reason {
  code: string;
  text: string;
  since?: number;
}

/** Explanation of the state of a device or a command. */
export interface Explanation {
  device: string;
  command?: string;
  summary: string;
  /** Most important first. */
  reasons: Reason[];
}

export interface Session {
  name: string;
  keyId: string;
  scopes: string[];
  expires: number;
}

export interface TelemetryEvent {
  type: 'telemetry';
  device: string;
  ts: number;
  values: Record<string, Value>;
  /** Metrics whose values do not fit the type; absent if all do. */
  misfits?: string[];
  count?: number;
}

export interface PresenceEvent {
  type: 'presence';
  device: string;
  presence: Presence;
}

export interface CommandEvent {
  type: 'command';
  device: string;
  command: Command;
}

export interface TwinEvent {
  type: 'twin';
  device: string;
  twin: Twin;
}

export interface DeviceEvent {
  type: 'device';
  device: string;
  change: 'created' | 'updated' | 'deleted' | 'described';
}

export interface DeviceTypeEvent {
  type: 'device-type';
  /** Of the type. */
  name: string;
  change: 'created' | 'updated' | 'deleted';
  version: number;
}

export type LiveEvent =
  | TelemetryEvent
  | PresenceEvent
  | CommandEvent
  | TwinEvent
  | DeviceEvent
  | DeviceTypeEvent;

const FINAL: readonly CommandState[] = [
  'succeeded',
  'failed',
  'rejected',
  'expired',
  'cancelled',
  'superseded',
];

/** Whether the command is in a final state. */
export function isOver(command: Command): boolean {
  return FINAL.includes(command.state);
}
