import { expect, test } from 'vitest';
import { Definition, UNKNOWN } from '../src/device-types/definition';

const valve = new Definition({
  metrics: {
    flow: {
      label: 'Flow rate',
      unit: 'L/min',
      kind: 'number',
      decimals: 1,
      interval: 10,
      usualMin: 2,
      usualMax: 40,
    },
    state: { kind: 'enum', values: { open: 'Open', '0': 'Shut', true: 'On' } },
    soil: { unit: 'Cel', interval: 3600 },
  },
  commands: { open: { label: 'Open valve' }, close: {} },
});

test('labels, units, decimals and names of values come from the type', () => {
  expect([valve.label('flow'), valve.label('state'), valve.label('battery_level')]).toEqual([
    'Flow rate',
    'State',
    'Battery level',
  ]);
  expect([valve.unit('flow'), valve.unit('soil'), valve.unit('state')]).toEqual(['L/min', '°C', '']);
  expect([valve.text('flow', 12.345), valve.text('soil', 12.345)]).toEqual(['12.3', '12.3']);
  expect(['open', 0, true, 'jammed'].map((value) => valve.text('state', value))).toEqual([
    'Open',
    'Shut',
    'On',
    'jammed',
  ]);
  expect([valve.textWithUnit('flow', 3), valve.textWithUnit('flow', 'n/a')]).toEqual(['3.0 L/min', 'n/a']);
  expect(valve.commands.map(({ name, title }) => `${name}: ${title}`)).toEqual([
    'open: Open valve',
    'close: close',
  ]);
});

test('the unit of the type wins over that of the readings, which fills in what nobody described', () => {
  expect([valve.unit('flow', 'm3/h'), valve.unit('level', '%'), UNKNOWN.unit('level', 'Cel')]).toEqual([
    'L/min',
    '%',
    '°C',
  ]);
});

test('metrics are shown in the order of the type, those of an unknown type by how telling they are', () => {
  const byRank = (definition: Definition, metrics: string[]) =>
    metrics.toSorted((a, b) => definition.rank(a) - definition.rank(b));
  expect(byRank(valve, ['battery', 'soil', 'state', 'flow'])).toEqual(['flow', 'state', 'soil', 'battery']);
  expect(byRank(UNKNOWN, ['battery', 'flow', 'temperature'])).toEqual(['temperature', 'flow', 'battery']);
});

test('a reading is late after its interval with a margin; without one the type does not say', () => {
  expect([valve.lateAfterMs('flow'), valve.lateAfterMs('soil'), valve.lateAfterMs('state')]).toEqual([
    12_000,
    4_320_000,
    undefined,
  ]);
  const quick = new Definition({ metrics: { rpm: { interval: 0.1 } } });
  expect(quick.lateAfterMs('rpm')).toBe(1_100);
});

test('a value outside of the usual range is worth a look', () => {
  expect([1, 2, 40, 41, 'open'].map((value) => valve.isUnusual('flow', value))).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
  expect(valve.isUnusual('soil', -100)).toBe(false);
});
