import { readJson } from '../device-types/json-text';
import { isObject } from '../twin/merge-patch';

/** Skeletons for the editor: shape to fill in, with the members that are used most. */

const METRIC = { label: 'Flow', unit: 'L/min', kind: 'number', decimals: 1, min: 0, max: 60, interval: 10 };
const COMMAND = {
  label: 'Open',
  params: {
    type: 'object',
    properties: { minutes: { title: 'Minutes', type: 'integer', unit: 'min', minimum: 1, maximum: 120 } },
    required: ['minutes'],
  },
  risk: 'none',
};

/** The text with one more metric; as it is if it is not JSON. */
export function withMetric(text: string): string {
  return withMember(text, 'metrics', 'metric', METRIC);
}

export function withCommand(text: string): string {
  return withMember(text, 'commands', 'command', COMMAND);
}

function withMember(text: string, section: string, name: string, value: object): string {
  const { value: document } = readJson(text);
  if (!isObject(document)) {
    return text;
  }
  const before = document[section];
  const members = isObject(before) ? before : {};
  let free = name;
  for (let n = 2; Object.hasOwn(members, free); n++) {
    free = `${name}-${n}`;
  }
  return JSON.stringify({ ...document, [section]: { ...members, [free]: value } }, null, 2);
}
