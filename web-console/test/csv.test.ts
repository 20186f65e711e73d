import { expect, test } from 'vitest';
import { csvOf } from '../src/device/csv';

test('CSV has labels and units in its header, numbers in full and gaps empty', () => {
  const text = csvOf(
    ['Flow (L/min)', 'State, "raw"'],
    [
      [0, 12.3456789, undefined],
      [1_000, null, 'open\nwide'],
      [2_000, -5, '=HYPERLINK("x")'],
    ],
  );
  expect(text.split('\r\n')).toEqual([
    'Time (UTC),Flow (L/min),"State, ""raw"""',
    '1970-01-01T00:00:00.000Z,12.3456789,',
    '1970-01-01T00:00:01.000Z,,"open\nwide"',
    '1970-01-01T00:00:02.000Z,-5,"\'=HYPERLINK(""x"")"',
    '',
  ]);
});
