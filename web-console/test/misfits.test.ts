import { expect, test } from 'vitest';
import { Misfits, misfitText } from '../src/chart/misfits';

test('a misfit is known by its time, and has its reason or that of one before', () => {
  const misfits = new Misfits();
  expect([misfits.textAt(1), misfits.within(0, 9), misfits.nearest(1, 9)]).toEqual([
    undefined,
    [],
    undefined,
  ]);
  misfits.add(1, '');
  expect(misfits.textAt(1)).toBe('Does not fit the type');
  misfits.add(1, 'must be a number');
  misfits.add(1, '');
  misfits.add(5, '');
  expect(misfits.textAt(1)).toBe(misfitText('must be a number'));
  expect(misfits.textAt(5)).toBe('Does not fit the type; last reason: must be a number');
  expect([misfits.within(1, 5), misfits.within(2, 6)]).toEqual([[1], [5]]);
  expect([misfits.nearest(4, 9), misfits.nearest(2, 9), misfits.nearest(9, 3)]).toEqual([5, 1, undefined]);
  misfits.remove(1);
  expect([misfits.size, misfits.textAt(1)]).toEqual([1, undefined]);
});

test('the number of misfits is bounded', () => {
  const misfits = new Misfits();
  for (let ts = 0; ts < 5_000; ts++) {
    misfits.add(ts, 'no');
  }
  expect([misfits.size, misfits.textAt(3_999), misfits.textAt(4_999)]).toEqual([
    1_000,
    undefined,
    'Does not fit the type: no',
  ]);
});
