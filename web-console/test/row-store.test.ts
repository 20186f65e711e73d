import { expect, test } from 'vitest';
import { RowStore } from '../src/feed/row-store';
import type { Device, Value } from '../src/hub/api-types';

const T = 1_795_000_000_000;

function device(id: string, latest: Record<string, Value> = {}): Device {
  return {
    id,
    enabled: true,
    created: T,
    presence: { state: 'online', since: T },
    latest: Object.fromEntries(Object.entries(latest).map(([metric, value]) => [metric, { ts: T, value }])),
  };
}

const byLength = (_device: Device, metric: string) => -metric.length;

test('the row shows the metric of the lowest rank and follows its readings', () => {
  const rows = new RowStore(() => T, byLength);
  rows.put(device('pump-1', { flow: 40, mode: 'run', vibration: 1.5 }));
  expect([rows.metricAt(0), rows.valueAt(0)]).toEqual(['vibration', 1.5]);
  rows.telemetry('pump-1', T + 1000, { flow: 41, vibration: 1.7 });
  expect(rows.valueAt(0)).toBe(1.7);
  expect([...rows.trailAt(0)]).toEqual([1.5, Math.fround(1.7)]);
});

test('a device with only string values shows one until a number arrives', () => {
  const rows = new RowStore(() => T);
  rows.put(device('door', { state: 'open' }));
  expect(rows.valueAt(0)).toBe('open');
  rows.telemetry('door', T + 1, { opened: 12 });
  expect([rows.metricAt(0), rows.valueAt(0)]).toEqual(['opened', 12]);
});

test('an older reading does not change the age of the row', () => {
  const rows = new RowStore(() => T);
  rows.put(device('a', { level: 1 }));
  rows.telemetry('a', T + 5000, { level: 2 });
  rows.telemetry('a', T + 2000, { other: 3 });
  expect(rows.tsAt(0)).toBe(T + 5000);
});

test('a reading is late after three typical intervals, but not before five seconds', () => {
  const rows = new RowStore(() => T);
  rows.put(device('a', { level: 1 }));
  for (let i = 1; i <= 5; i++) {
    rows.telemetry('a', T + i * 10_000, { level: i });
  }
  const last = T + 50_000;
  expect(rows.isLateAt(0, last + 29_000)).toBe(false);
  expect(rows.isLateAt(0, last + 31_000)).toBe(true);
});

test('a reading is late after its expected interval, whatever other metrics send', () => {
  const rows = new RowStore(() => T, byLength);
  rows.put(device('a', { temperature: 1 }));
  rows.telemetry('a', T + 60_000, { level: 2 });
  expect(rows.metricAt(0)).toBe('temperature');
  expect([rows.isLateAt(0, T + 59_000, 60_000), rows.isLateAt(0, T + 61_000, 60_000)]).toEqual([false, true]);
  expect(rows.tsAt(0)).toBe(T + 60_000);
});

test('an older reading does not replace the shown value', () => {
  const rows = new RowStore(() => T);
  rows.put(device('a', { level: 5 }));
  rows.telemetry('a', T - 1000, { level: 4 });
  expect(rows.valueAt(0)).toBe(5);
});

test('ten thousand rows keep their slots and values', () => {
  const rows = new RowStore(() => T);
  for (let i = 0; i < 10_000; i++) {
    rows.put(device(`d-${i}`, { level: i }));
  }
  rows.presence('d-9999', { state: 'offline', since: T + 1 });
  expect(rows.size).toBe(10_000);
  expect([rows.valueAt(0), rows.valueAt(5000), rows.valueAt(9999)]).toEqual([0, 5000, 9999]);
  expect([rows.stateAt(0), rows.stateAt(9999)]).toEqual(['online', 'offline']);
});

test('the sparkline keeps the last forty values, and a row change is reported once', () => {
  const rows = new RowStore(() => T);
  rows.put(device('a'));
  for (let i = 0; i < 100; i++) {
    rows.telemetry('a', T + i, { level: i });
  }
  expect([rows.trailAt(0)[0], rows.trailAt(0).at(-1)]).toEqual([60, 99]);
  expect([rows.takeDirty(0), rows.takeDirty(0)]).toEqual([true, false]);
});

test('a reading of an unlisted device is ignored', () => {
  const rows = new RowStore(() => T);
  rows.telemetry('stranger', T, { level: 1 });
  expect(rows.size).toBe(0);
});

test('a reading from the future does not hide later arrivals', () => {
  const rows = new RowStore(() => T);
  rows.put(device('a', { level: 1 }));
  rows.telemetry('a', T + 23 * 3_600_000, { level: 2 });
  rows.telemetry('a', T + 1000, { level: 3 });
  expect([rows.tsAt(0), rows.valueAt(0)]).toEqual([T + 1000, 3]);
});

test('a misfit of the shown metric is known until a fitting value comes, and is not hidden by other numbers', () => {
  const rows = new RowStore(() => T, byLength);
  rows.put(device('a', { pressure: 4, flow: 40 }));
  expect(rows.misfitAt(0)).toBeUndefined();
  rows.telemetry('a', T + 1, { pressure: '4', flow: 41 }, ['pressure']);
  expect([rows.metricAt(0), rows.valueAt(0), rows.misfitAt(0)]).toEqual(['pressure', '4', '']);
  rows.telemetry('a', T + 2, { flow: 42 }, ['flow']);
  expect([rows.metricAt(0), rows.misfitAt(0)]).toEqual(['pressure', '']);
  rows.put({
    ...device('a'),
    latest: { pressure: { ts: T + 1, value: '4', misfit: 'must be a number' } },
  });
  expect(rows.misfitAt(0)).toBe('must be a number');
  rows.put({ ...device('a'), latest: { pressure: { ts: T + 1, value: '4' } } });
  expect(rows.misfitAt(0)).toBe('must be a number');
  rows.put({ ...device('a'), latest: { pressure: { ts: T + 1, value: 4 } } });
  expect(rows.misfitAt(0)).toBeUndefined();
  rows.telemetry('a', T + 2, { pressure: 'x' }, ['pressure']);
  expect(rows.misfitAt(0)).toBe('');
  rows.telemetry('a', T + 3, { pressure: 5 });
  expect([rows.valueAt(0), rows.misfitAt(0)]).toEqual([5, undefined]);
  rows.put(device('b', { mode: 'run' }));
  rows.telemetry('b', T + 1, { pressure: '4' }, ['pressure']);
  rows.telemetry('b', T + 2, { id: 'x' }, ['id']);
  expect([rows.metricAt(1), rows.misfitAt(1)]).toEqual(['pressure', '']);
});
