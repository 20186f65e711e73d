import type { Json, Twin, Value } from '../hub/api-types';
import { isObject } from './merge-patch';

/** One value of a twin, on both sides. */
export interface TwinDifference {
  /** The names on the way to it. */
  path: string[];
  desired: Value | undefined;
  reported: Value | undefined;
  /** The hub says that the device has not done it yet. */
  differs: boolean;
}

/** Both sides value by value: first all that is wanted, then what the device says besides. */
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

/** Every value that is no object, or an empty one, by its path as JSON. */
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
