/** The hub's shapes, as docs/protocol gives them. All times are Unix milliseconds, UTC. */

export type PresenceState = 'online' | 'asleep' | 'overdue' | 'offline';

export interface Presence {
  state: PresenceState;
  since: number;
  cause?: string;
  transport?: string;
  session?: string;
  address?: string;
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
  points: [number, Value][];
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
  transport?: string;
  by?: string;
  because?: string;
}

export interface Command {
  id: string;
  device: string;
  name: string;
  params?: unknown;
  state: CommandState;
  created: number;
  expires: number;
  expectedBy?: number;
  result?: unknown;
  error?: unknown;
  timeline: CommandStep[];
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

export interface DeviceEvent {
  type: 'device';
  device: string;
  change: 'created' | 'updated' | 'deleted';
}

export type LiveEvent = TelemetryEvent | PresenceEvent | CommandEvent | DeviceEvent;

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
