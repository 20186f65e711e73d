/** The hub's device types, see docs/device-types.md. */

import type { Schema } from './schema';

export type MetricKind = 'number' | 'boolean' | 'text' | 'enum' | 'object';
export type Risk = 'none' | 'disturbs' | 'destroys';

export interface MetricType {
  label?: string;
  description?: string;
  /** UCUM or SenML code. */
  unit?: string;
  kind?: MetricKind;
  decimals?: number;
  /** Range of charts and sliders. */
  min?: number;
  max?: number;
  /** Range outside of which a value is worth a look. */
  usualMin?: number;
  usualMax?: number;
  /** Expected time between two readings, in seconds. */
  interval?: number;
  /** Labels of an enumeration's values. */
  values?: Record<string, string>;
}

export interface CommandType {
  label?: string;
  description?: string;
  params?: Schema;
  result?: Schema;
  /** Default time to live, in seconds. */
  ttl?: number;
  collapse?: string;
  risk?: Risk;
  /** The command that undoes it; a parameter `{"$before": place}` is what the place held before. */
  undo?: { name: string; params?: Record<string, unknown> };
  /** Place that reports what the command sets, or one for each parameter: a metric, or `/reported/…` of the twin. */
  reportedBy?: string | Record<string, string>;
}

export interface DeviceType {
  description?: string;
  metrics?: Record<string, MetricType>;
  commands?: Record<string, CommandType>;
  twin?: { desired?: Schema; reported?: Schema };
  strict?: 'accept' | 'tag' | 'refuse';
  offlineAfter?: number;
  polling?: { pollCost?: number; minInterval?: number; maxInterval?: number; commandInterval?: number };
}

/** A version of a type as the hub answers it. */
export interface StoredType extends DeviceType {
  type: string;
  version: number;
  /** When and by whom this version was made. */
  changed: number;
  by: string;
  /** Whether this version deleted the type. */
  deleted?: boolean;
}

/** What a device has said of itself, as one version. */
export interface OwnDescription extends DeviceType {
  version: number;
  /** When this version was made. */
  changed: number;
  firmware?: string;
  hardware?: string;
  serial?: string;
}

/** A place that the type and the device describe differently; what the type says holds. */
export interface Difference {
  /** JSON Pointer to the place in both documents. */
  pointer: string;
  type: unknown;
  device: unknown;
}

/** What holds for one device: its type, completed by what it says of itself. */
export interface DeviceDescription extends Partial<Omit<OwnDescription, 'version' | 'changed'>> {
  device: string;
  type?: string;
  /** Version of the type; absent if the type is not defined. */
  typeVersion?: number;
  /** Newest version of what the device has said; absent if it has said nothing. */
  described?: Pick<OwnDescription, 'version' | 'changed'>;
  differences?: Difference[];
}

export interface TypePage {
  items: StoredType[];
  next: string | null;
  total: number;
}
