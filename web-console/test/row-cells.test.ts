// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { definitions, listedDefinitionOf } from '../src/device-types/definitions';
import { RowStore } from '../src/feed/row-store';
import { RowCells } from '../src/fleet/row-cells';
import type { Device, Value } from '../src/hub/api-types';

const CELLS = [
  'status',
  'glyph',
  'word',
  'metric',
  'value',
  'unit',
  'reading',
  'misfit',
  'trail',
  'age',
  'via',
  'address',
];

beforeEach(async () => {
  const metrics = {
    flow: { label: 'Flow rate', unit: 'm3/h', decimals: 2, interval: 60 },
    state: { values: { open: 'Open' } },
  };
  vi.stubGlobal('fetch', async () => Response.json({ metrics }, { headers: { ETag: '"1"' } }));
  definitions.clear();
  await definitions.ready(['valve']);
});
afterEach(() => vi.unstubAllGlobals());

/** Texts of a row whose readings are so old. */
function painted(latest: Record<string, Value>, ageMs: number, type?: string) {
  const ts = Date.now() - ageMs;
  const device = {
    id: 'valve-7',
    ...(type ? { type } : {}),
    presence: { state: 'online', since: 0 },
    latest: Object.fromEntries(
      Object.entries(latest).map(([metric, value]) => [metric, { ts, value, unit: 'Cel' }]),
    ),
  };
  const rows = new RowStore(Date.now, (one, metric) => listedDefinitionOf(one).rank(metric));
  rows.put(device as unknown as Device);
  const row = document.createElement('div');
  row.innerHTML = CELLS.map((name) => `<span data-cell="${name}"></span>`).join('');
  new RowCells(row).paint(rows, 0);
  return ['metric', 'value', 'unit', 'word'].map(
    (name) => row.querySelector(`[data-cell=${name}]`)?.textContent,
  );
}

test('a row has the label, decimals and unit of its type', () => {
  expect(painted({ battery: 80, flow: 12.3456, state: 'open' }, 0, 'valve')).toEqual([
    'Flow rate',
    '12.35',
    'm³/h',
    'Online',
  ]);
  expect(painted({ state: 'open' }, 0, 'valve')).toEqual(['State', 'Open', '', 'Online']);
});

test('a row is late after the expected interval of what it shows', () => {
  expect(painted({ flow: 1 }, 65_000, 'valve').at(-1)).toBe('Online');
  expect(painted({ flow: 1 }, 80_000, 'valve').at(-1)).toBe('Late');
});

test('a device without a type has guesses, and the units of its readings', () => {
  expect(painted({ battery: 80, soil_temp: 'n/a', temperature: 21.55 }, 0)).toEqual([
    'Temperature',
    '21.6',
    '°C',
    'Online',
  ]);
});

test('a value that does not fit the type is marked with the reason until one fits', () => {
  const rows = new RowStore();
  const reason = 'must be a number, is the text "12"';
  const now = Date.now();
  rows.put({
    id: 'valve-7',
    type: 'valve',
    presence: { state: 'online', since: 0 },
    latest: { flow: { ts: now, value: '12', misfit: reason } },
  } as unknown as Device);
  const row = document.createElement('div');
  row.innerHTML = CELLS.map((name) => `<span data-cell="${name}"></span>`).join('');
  const cells = new RowCells(row);
  const seen = () => {
    cells.paint(rows, 0);
    const reading = row.querySelector('[data-cell=reading]');
    return [
      reading?.className,
      reading?.getAttribute('title'),
      row.querySelector('[data-cell=misfit]')?.textContent,
    ];
  };
  expect(seen()).toEqual([
    'val misfit',
    `Does not fit the type: ${reason}`,
    `Does not fit the type: ${reason}`,
  ]);
  rows.telemetry('valve-7', now + 1, { flow: '13' }, ['flow']);
  expect(seen()).toEqual(['val misfit', 'Does not fit the type', 'Does not fit the type']);
  rows.telemetry('valve-7', now + 2, { flow: 13 });
  expect(seen()).toEqual(['val', '', '']);
});
