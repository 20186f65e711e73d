import { expect, test } from 'vitest';
import { age, figure, humanName, reading, took } from '../src/app/formats';

test('decimals depend on the magnitude', () => {
  expect([0.12345, 1.5, 21.46, 1450.4, -3.2, 0].map((value) => figure(value))).toEqual([
    '0.123',
    '1.50',
    '21.5',
    '1,450',
    '-3.20',
    '0.000',
  ]);
  expect(figure(0.02, 22)).toBe('0.0');
});

test('a missing value is a dash, not zero, and other values are shown as they are', () => {
  expect([null, undefined, true, 'idle', { a: 1 }].map(reading)).toEqual([
    '—',
    '—',
    'yes',
    'idle',
    '{"a":1}',
  ]);
  expect([Number.NaN, Number.POSITIVE_INFINITY].map(reading)).toEqual(['NaN', '∞']);
});

test('an age has its largest units', () => {
  const ages = [420, 12_400, 124_000, 3 * 3_600_000, 76 * 3_600_000 + 5, -5, Number.NaN];
  expect(ages.map(age)).toEqual(['0.4 s', '12 s', '2 min 4 s', '3 h', '3 d 4 h', '0.0 s', '—']);
  expect([3.2, 412, 1200].map(took)).toEqual(['3 ms', '412 ms', '1.2 s']);
});

test('a metric name is split into words', () => {
  expect(['motorTemp', 'motor_temp', 'temperature'].map(humanName)).toEqual([
    'Motor temp',
    'Motor temp',
    'Temperature',
  ]);
});
