/** The hub's shapes, as docs/protocol gives them. All times are Unix milliseconds, UTC. */

export type PresenceState = 'online' | 'asleep' | 'overdue' | 'offline';

export interface Presence {
  state: PresenceState;
  since: number;
  cause?: string;
  transport?: string;
  session?: string;
  address?: string;
  /** When a poller's next contact is or was planned. */
  expected?: number;
  flapping?: Flapping;
}

/** The device does not come to rest. */
export interface Flapping {
  /** Its sessions come and go too often; or two connections take the id from each other. */
  kind: 'unstable' | 'contested';
  /** Sessions that began or ended since. */
  changes: number;
  since: number;
  /** Who takes the id from each other, the holder first; of an unstable device, the last address. */
  addresses: string[];
}

export type Value = number | boolean | string | null | object;

export interface Latest {
  ts: number;
  value: Value;
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
  /** How it was reduced; points of states have a third element: how long each held, in ms. */
  aggregate?: 'minmax' | 'states';
  points: ([number, Value] | [number, Value, number])[];
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
  /** The merge patch that would make `reported` satisfy `desired`; left out where it does. */
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

/** An entry of the flight recorder; what repeats is one entry with a count. */
export interface Recorded {
  ts: number;
  kind: RecordedKind;
  /** What exactly: why a session ended, a refusal's code, a command's state. */
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

/** Why a device is where it is, or a command in the state it is in. */
export interface Explanation {
  device: string;
  command?: string;
  summary: string;
  /** The weightiest first. */
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
  change: 'created' | 'updated' | 'deleted';
}

export type LiveEvent = TelemetryEvent | PresenceEvent | CommandEvent | TwinEvent | DeviceEvent;

const FINAL: readonly CommandState[] = [
  'succeeded',
  'failed',
  'rejected',
  'expired',
  'cancelled',
  'superseded',
];

/** Whether nothing can happen to the command any more. */
export function isOver(command: Command): boolean {
  return FINAL.includes(command.state);
}
