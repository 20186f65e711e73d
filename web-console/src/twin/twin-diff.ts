import type { Json, Twin, Value } from '../hub/api-types';
import { isObject } from './merge-patch';

/** A value of a twin with its desired and reported side. */
export interface TwinDifference {
  /** Path of the value. */
  path: string[];
  desired: Value | undefined;
  reported: Value | undefined;
  /** Whether the reported value differs from the desired one, according to the hub. */
  differs: boolean;
}

/** Values of both sides: desired ones first, then those only reported. */
export function twinDiff(twin: Twin): TwinDifference[] {
  const desired = leaves(twin.desired.state);
  const reported = leaves(twin.reported.state);
  const differing = [...leaves(twin.delta ?? {}).keys()];
  const keys = [...desired.keys(), ...[...reported.keys()].filter((key) => !desired.has(key))];
  return keys.map((key) => {
    const path = JSON.parse(key) as string[];
    const wanted = desired.get(key);
    return {
      path,
      desired: wanted,
      reported: reported.get(key) ?? (wanted === undefined ? undefined : at(twin.reported.state, path)),
      differs: wanted !== undefined && differing.includes(key),
    };
  });
}

/** All leaf values and empty objects by their path as JSON. */
function leaves(document: Json, path: string[] = [], found = new Map<string, Value>()): Map<string, Value> {
  for (const [name, value] of Object.entries(document)) {
    const here = [...path, name];
    if (isObject(value) && Object.keys(value).length > 0) {
      leaves(value, here, found);
    } else if (value !== undefined) {
      found.set(JSON.stringify(here), value);
    }
  }
  return found;
}

function at(document: Json, path: string[]): Value | undefined {
  let value: Value | undefined = document;
  for (const name of path) {
    value = isObject(value) ? value[name] : undefined;
  }
  return value;
}
