import { expect, test } from 'vitest';
import { type Draft, draftOf, valueFrom } from '../src/device-types/draft';
import { errorsByField, withoutErrorsAt } from '../src/device-types/field-errors';
import { fieldOf } from '../src/device-types/schema';
import type { DocumentFault } from '../src/hub/rest';

const open = fieldOf({
  type: 'object',
  properties: {
    minutes: { type: 'integer', minimum: 1, maximum: 120, unit: 'min' },
    mode: { enum: ['drip', 'spray'], default: 'spray' },
    quiet: { type: 'boolean' },
    note: { type: 'string', maxLength: 5 },
    window: {
      type: 'object',
      properties: { from: { type: 'number' }, to: { type: 'number' } },
      required: ['from', 'to'],
    },
    zones: { type: 'array', items: { type: 'integer' }, maxItems: 2 },
    extra: { anyOf: [{ type: 'object' }, { type: 'null' }] },
  },
  required: ['minutes'],
});

function taken(draft: { [name: string]: Draft }): { value: unknown; faults: string[] } {
  const faults: DocumentFault[] = [];
  const value = valueFrom(open, { ...(draftOf(open) as object), ...draft }, true, faults);
  return { value, faults: faults.map(({ pointer, detail }) => `${pointer} ${detail}`) };
}

test('what is left empty is left out, and defaults are filled in', () => {
  expect(taken({ minutes: '20' })).toEqual({ value: { minutes: 20, mode: 'spray' }, faults: [] });
  expect(draftOf(open)).toMatchObject({
    minutes: '',
    mode: '1',
    quiet: '',
    window: { from: '', to: '' },
    zones: [],
  });
});

test('every kind of field gives its value', () => {
  const draft = {
    minutes: '1',
    mode: '0',
    quiet: 'false',
    note: 'slow',
    window: { from: '6', to: '7.5' },
    zones: ['1', '2'],
    extra: '{"a": [1]}',
  };
  expect(taken(draft)).toEqual({
    value: {
      minutes: 1,
      mode: 'drip',
      quiet: false,
      note: 'slow',
      window: { from: 6, to: 7.5 },
      zones: [1, 2],
      extra: { a: [1] },
    },
    faults: [],
  });
  const { value } = taken(draft);
  expect(valueFrom(open, draftOf(open, value), true, [])).toEqual(value);
});

test('faults are told at their places, all at once', () => {
  expect(
    taken({ minutes: '', note: 'longer', window: { from: '6', to: '' }, zones: ['1', '2', 'x'], extra: '{' })
      .faults,
  ).toEqual([
    '/minutes is missing',
    '/note must have at most 5 characters',
    '/window/to is missing',
    '/zones must have at most 2 values',
    '/zones/2 must be a number',
    '/extra Invalid JSON: line 1, column 2: expected a name in double quotes, found the end',
  ]);
  expect(taken({ minutes: '500' }).faults).toEqual(['/minutes must be at most 120 min']);
  expect(taken({ minutes: '0' }).faults).toEqual(['/minutes must be at least 1 min']);
  expect(taken({ minutes: '1.5' }).faults).toEqual(['/minutes must be a whole number']);
});

test('a required yes or no is no until it is ticked', () => {
  expect(valueFrom(fieldOf({ type: 'boolean' }), '', true, [])).toBe(false);
  expect(valueFrom(fieldOf({ type: 'boolean' }), '', false, [])).toBeUndefined();
});

test('faults of the hub reach the fields that show them', () => {
  const faults = [
    { pointer: '/minutes', detail: 'must be at most 120, is 500' },
    { pointer: '/zones/1', detail: 'must be an integer' },
    { pointer: '/zones/1/x', detail: 'is unknown' },
    { pointer: '/extra/a/0', detail: 'must be a string' },
    { pointer: '/colour', detail: 'is unknown' },
    { pointer: '', detail: 'must have minutes' },
  ];
  expect(Object.fromEntries(errorsByField(open, faults))).toEqual({
    '/minutes': ['must be at most 120, is 500'],
    '/zones/1': ['must be an integer', '/x is unknown'],
    '/extra': ['/a/0 must be a string'],
    '': ['/colour is unknown', 'must have minutes'],
  });
  expect(withoutErrorsAt(faults, '/zones').map((fault) => fault.pointer)).toEqual([
    '/minutes',
    '/extra/a/0',
    '/colour',
    '',
  ]);
});
