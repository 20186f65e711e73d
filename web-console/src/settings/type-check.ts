import { childPointer } from '../device-types/schema';
import type { DocumentFault } from '../hub/rest';
import { isObject } from '../twin/merge-patch';

/** Kind of a member: a word for `typeof`, one of several words, or a schema. */
type Expected = 'string' | 'number' | 'object' | 'schema' | 'any' | readonly string[];
type Members = Record<string, Expected>;

const TYPE: Members = {
  // The hub answers these four; it ignores them in what is sent back.
  type: 'string',
  version: 'number',
  changed: 'number',
  by: 'string',
  description: 'string',
  metrics: 'object',
  commands: 'object',
  twin: 'object',
  strict: ['accept', 'tag', 'refuse'],
  offlineAfter: 'number',
  polling: 'object',
};
const METRIC: Members = {
  label: 'string',
  description: 'string',
  unit: 'string',
  kind: ['number', 'boolean', 'text', 'enum', 'object'],
  decimals: 'number',
  min: 'number',
  max: 'number',
  usualMin: 'number',
  usualMax: 'number',
  interval: 'number',
  values: 'object',
};
const COMMAND: Members = {
  label: 'string',
  description: 'string',
  params: 'schema',
  result: 'schema',
  ttl: 'number',
  collapse: 'string',
  risk: ['none', 'disturbs', 'destroys'],
  undo: 'object',
  reportedBy: 'any',
};

/** What can be told to be wrong with a type while it is typed. The hub checks everything, also the schemas. */
export function faultsOfType(document: unknown): DocumentFault[] {
  const faults: DocumentFault[] = [];
  if (!members(document, TYPE, '', faults)) {
    return faults;
  }
  for (const [name, metric] of entries(document.metrics)) {
    const pointer = childPointer('/metrics', name);
    if (members(metric, METRIC, pointer, faults)) {
      ordered(metric, 'min', 'max', pointer, faults);
      ordered(metric, 'usualMin', 'usualMax', pointer, faults);
    }
  }
  for (const [name, command] of entries(document.commands)) {
    const pointer = childPointer('/commands', name);
    if (members(command, COMMAND, pointer, faults) && isObject(command.undo)) {
      const undo = command.undo.name;
      if (
        !isObject(document.commands) ||
        typeof undo !== 'string' ||
        !Object.hasOwn(document.commands, undo)
      ) {
        faults.push({ pointer: `${pointer}/undo`, detail: 'must name a command of this type' });
      }
    }
  }
  return faults;
}

function members(
  value: unknown,
  known: Members,
  pointer: string,
  faults: DocumentFault[],
): value is Record<string, unknown> {
  if (!isObject(value)) {
    faults.push({ pointer, detail: 'must be an object' });
    return false;
  }
  for (const [name, one] of Object.entries(value)) {
    const expected = Object.hasOwn(known, name) ? known[name] : undefined;
    const detail = expected
      ? mismatch(one, expected)
      : `is unknown; expected ${Object.keys(known).join(', ')}`;
    if (detail) {
      faults.push({ pointer: childPointer(pointer, name), detail });
    }
  }
  return true;
}

function mismatch(value: unknown, expected: Expected): string {
  if (typeof expected !== 'string') {
    return expected.includes(value as string) ? '' : `must be one of ${expected.join(', ')}`;
  }
  switch (expected) {
    case 'any':
      return '';
    case 'object':
      return isObject(value) ? '' : 'must be an object';
    case 'schema':
      return isObject(value) || typeof value === 'boolean'
        ? ''
        : 'must be a schema: an object, true or false';
    default:
      return typeof value === expected ? '' : `must be a ${expected}`;
  }
}

function ordered(
  value: Record<string, unknown>,
  low: string,
  high: string,
  pointer: string,
  faults: DocumentFault[],
): void {
  const [min, max] = [value[low], value[high]];
  if (typeof min === 'number' && typeof max === 'number' && min >= max) {
    faults.push({ pointer: childPointer(pointer, high), detail: `must be above ${low}, which is ${min}` });
  }
}

function entries(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}
