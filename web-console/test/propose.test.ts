import { expect, test } from 'vitest';
import type { Command, History, Value } from '../src/hub/api-types';
import { proposedType } from '../src/settings/propose';
import { faultsOfType } from '../src/settings/type-check';

const T = 1_795_000_000_000;
const series = (metric: string, values: Value[], everyMs = 10_000, unit?: string): History => ({
  metric,
  ...(unit ? { unit } : {}),
  points: values.map((value, i) => [T + i * everyMs, value]),
});
function proposed(history: History[], commands: Partial<Command>[] = []) {
  const latest = history.map(({ metric, points }) => {
    const [ts, value] = points.at(-1) as [number, Value];
    return [metric, { ts, value }];
  });
  return proposedType({ latest: Object.fromEntries(latest), history, commands: commands as Command[] });
}

test('a type is proposed from what was seen', () => {
  const type = proposed([
    series('battery', [91, 90, 88, 87, 86], 60_000),
    series('flow', [0, 12.25, 18.5, 31.125, 4], 10_020, 'L/min'),
    series('state', ['closed', 'opening', 'open', 'open']),
    series('raining', [true, false]),
    series('serial', ['VX-2000-7', '2026-11-30']),
    series('position', [{ lat: 1 }]),
  ]);
  expect(type).toEqual({
    metrics: {
      battery: { label: 'Battery', kind: 'number', decimals: 0, min: 85, max: 92, interval: 60 },
      flow: { label: 'Flow', unit: 'L/min', kind: 'number', decimals: 3, min: 0, max: 50, interval: 10 },
      position: { label: 'Position', kind: 'object' },
      raining: { label: 'Raining', kind: 'boolean' },
      serial: { label: 'Serial', kind: 'text' },
      state: {
        label: 'State',
        kind: 'enum',
        values: { closed: 'Closed', open: 'Open', opening: 'Opening' },
      },
    },
  });
  expect(Object.keys(type.metrics ?? {}).slice(0, 2)).toEqual(['battery', 'flow']);
  expect(faultsOfType(type)).toEqual([]);
});

test('one reading says little: no range, no interval', () => {
  expect(proposed([series('flow', [12.5])]).metrics?.flow).toEqual({
    label: 'Flow',
    kind: 'number',
    decimals: 1,
  });
});

test('commands that succeeded are proposed with the kinds of their parameters', () => {
  const type = proposed(
    [],
    [
      { name: 'open', state: 'succeeded', params: { minutes: 5, zones: [1] } },
      { name: 'close', state: 'succeeded', params: {} },
      { name: 'sing', state: 'rejected', params: {} },
    ],
  );
  expect(type.commands).toEqual({
    open: {
      label: 'Open',
      params: {
        type: 'object',
        properties: {
          minutes: { title: 'Minutes', type: 'number' },
          zones: { title: 'Zones', type: 'array', items: { type: 'number' } },
        },
      },
    },
    close: { label: 'Close' },
  });
});

test('mistakes in a type are told at their places', () => {
  const faults = faultsOfType({
    metrics: { flow: { unit: 5, kind: 'float', min: 3, max: 3 }, level: 1 },
    commands: { open: { risk: 'deadly', params: [], undo: { name: 'shut' }, colour: 'red' } },
    strictness: 'tag',
  });
  expect(faults.map(({ pointer, detail }) => `${pointer} ${detail}`)).toEqual([
    expect.stringMatching(/^\/strictness is unknown; expected type, version, .*strict/),
    '/metrics/flow/unit must be a string',
    '/metrics/flow/kind must be one of number, boolean, text, enum, object',
    '/metrics/flow/max must be above min, which is 3',
    '/metrics/level must be an object',
    '/commands/open/risk must be one of none, disturbs, destroys',
    '/commands/open/params must be a schema: an object, true or false',
    expect.stringMatching(/^\/commands\/open\/colour is unknown/),
    '/commands/open/undo must name a command of this type',
  ]);
  expect(faultsOfType([])).toEqual([{ pointer: '', detail: 'must be an object' }]);
});

test('what the device says of itself is taken over, and what it does not say is seen', () => {
  const type = proposedType({
    latest: { flow: { ts: T, value: 12.5 }, battery: { ts: T, value: 87 } },
    history: [],
    commands: [
      { name: 'open', params: { minutes: 5 }, state: 'succeeded' },
      { name: 'blink', state: 'succeeded' },
    ] as unknown as Command[],
    said: {
      metrics: { flow: { label: 'Through', unit: 'L/min', max: 60 }, battery: { unit: '%' } },
      commands: { open: { label: 'Open', ttl: 60 } },
    },
  });
  expect(type).toEqual({
    metrics: {
      flow: { label: 'Through', unit: 'L/min', max: 60 },
      battery: { label: 'Battery', unit: '%', kind: 'number', decimals: 0 },
    },
    commands: { blink: { label: 'Blink' }, open: { label: 'Open', ttl: 60 } },
  });
  expect(faultsOfType(type)).toEqual([]);
});
