import { expect, test } from 'vitest';
import {
  childPointer,
  type Field,
  fieldAt,
  fieldOf,
  paramsField,
  type Schema,
  valueAt,
} from '../src/device-types/schema';

const object = (properties: object, more: object = {}): Schema => ({ type: 'object', properties, ...more });
const kinds = (field: Field): unknown =>
  field.kind === 'group'
    ? Object.fromEntries(field.properties.map((one) => [one.name, kinds(one.field)]))
    : field.kind === 'list'
      ? [kinds(field.item)]
      : field.kind;

test('a number has its unit, bounds and step', () => {
  const minutes = { title: 'Time', type: 'integer', unit: 'min', minimum: 1, maximum: 120, default: 15 };
  expect(fieldOf(minutes, 'minutes')).toEqual({
    kind: 'number',
    label: 'Time',
    description: '',
    initial: 15,
    unit: 'min',
    isWhole: true,
    min: 1,
    max: 120,
    isMinOpen: false,
    isMaxOpen: false,
    step: 1,
  });
  const celsius = { type: 'number', 'x-unit': 'Cel', exclusiveMinimum: 0, multipleOf: 0.5 };
  expect(fieldOf(celsius, 'targetTemp')).toMatchObject({
    label: 'Target temp',
    unit: '°C',
    min: 0,
    isMinOpen: true,
    step: 0.5,
  });
});

test('choices have labels, by any of the usual ways to write them', () => {
  const labels = (schema: Schema) => {
    const field = fieldOf(schema);
    return field.kind === 'choice' ? field.choices.map((choice) => choice.label) : field.kind;
  };
  expect(labels({ enum: ['a', 2, null] })).toEqual(['a', '2', 'null']);
  expect(labels({ enum: ['a', 'b'], values: { a: 'Auto' } })).toEqual(['Auto', 'b']);
  expect(labels({ oneOf: [{ const: 1, title: 'Slow' }, { const: 2 }] })).toEqual(['Slow', '2']);
  expect(labels({ oneOf: [{ type: 'string' }, { type: 'number' }] })).toBe('json');
});

test('objects, arrays and references become nested fields', () => {
  const schema = object(
    {
      on: { type: 'boolean' },
      when: { $ref: '#/$defs/time' },
      zones: { type: 'array', items: { allOf: [{ $ref: '#/$defs/zone' }] } },
      mode: { const: 'drip' },
    },
    {
      $defs: {
        time: { type: 'string', format: 'time' },
        zone: object({ id: { type: ['integer', 'null'] } }),
      },
    },
  );
  expect(kinds(fieldOf(schema))).toEqual({
    on: 'boolean',
    when: 'text',
    zones: [{ id: 'number' }],
    mode: 'constant',
  });
});

test('what a form cannot show is edited as JSON', () => {
  const beyond: Schema[] = [
    true,
    {},
    { anyOf: [{ type: 'number' }, { type: 'string' }] },
    { type: ['number', 'string'] },
    { type: 'object', additionalProperties: { type: 'number' } },
    { type: 'object', required: ['a'] },
    { type: 'array', prefixItems: [{}] },
    { $ref: 'https://example.org/schema' },
    { $ref: '#/$defs/none' },
    { $ref: '#' },
    { allOf: [{ type: 'number' }, { minimum: 1 }] },
  ];
  expect(beyond.map((schema) => fieldOf(schema).kind)).toEqual(beyond.map(() => 'json'));
  const tree = { $ref: '#/$defs/node', $defs: { node: object({ next: { $ref: '#/$defs/node' } }) } };
  expect(JSON.stringify(kinds(fieldOf(tree)))).toContain('"next":"json"');
});

test('a command without a schema of parameters asks for none', () => {
  for (const schema of [undefined, true, {}] as const) {
    expect(paramsField(schema)).toMatchObject({ kind: 'group', properties: [] });
  }
});

test('a value inside of an object has its own field', () => {
  const schema = object({ night: object({ limit: { title: 'Night limit', type: 'number', unit: 'Cel' } }) });
  expect(fieldAt(schema, ['night', 'limit'])).toMatchObject({ label: 'Night limit', unit: '°C' });
  expect([
    fieldAt(schema, ['day']),
    fieldAt(schema, ['night', 'limit', 'x']),
    fieldAt(undefined, ['a']),
  ]).toEqual([null, null, null]);
});

test('pointers lead to values', () => {
  const pointer = childPointer(childPointer('', 'a/b~c'), 0);
  expect(pointer).toBe('/a~1b~0c/0');
  expect(valueAt({ 'a/b~c': ['x'] }, pointer)).toBe('x');
  expect([valueAt({}, '/toString'), valueAt(null, '/a'), valueAt(5, '')]).toEqual([undefined, undefined, 5]);
});
