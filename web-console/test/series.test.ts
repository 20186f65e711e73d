import { expect, test } from 'vitest';
import { Series } from '../src/chart/series';

function filled(...points: [number, number][]): Series {
  const series = new Series();
  for (const [ts, value] of points) {
    series.add(ts, value);
  }
  return series;
}

const all = (series: Series) =>
  series.cut(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);

test('history merged with live readings has each timestamp once, in order', () => {
  const series = filled([40, 4], [50, 5]);
  series.join([
    [10, 1],
    [20, 2],
    [40, 4],
    [45, 4.5],
  ]);
  expect(all(series).xs).toEqual([10, 20, 40, 45, 50]);
  expect(all(series).ys).toEqual([1, 2, 4, 4.5, 5]);
});

test('live readings continue after repeated merges of history', () => {
  const series = filled([10, 1]);
  for (let round = 1; round <= 50; round++) {
    series.join([[round * 100, round]]);
    series.add(round * 100 + 50, round);
  }
  expect(series.length).toBe(101);
  expect(all(series).xs).toEqual([...all(series).xs].sort((a, b) => a - b));
});

test('a late reading is inserted in order and a repeated one replaces the first', () => {
  const series = filled([10, 1], [30, 3], [20, 2], [30, 9], [5, 0]);
  expect(all(series)).toEqual({ xs: [5, 10, 20, 30], ys: [0, 1, 2, 9], gaps: [] });
});

test('it grows with late readings in between and drops old ones', () => {
  const series = new Series();
  for (let i = 0; i < 5000; i++) {
    series.add(i % 7 === 3 ? i * 10 - 15 : i * 10, i);
  }
  const { xs } = all(series);
  expect(xs).toEqual([...new Set(xs)].sort((a, b) => a - b));
  series.forgetBefore(40_000);
  expect(series.first).toBeGreaterThanOrEqual(40_000);
  expect(series.last).toBe(49_990);
});

test('a gap is a null', () => {
  const series = filled([0, 1], [1000, 2], [9000, 3], [10_000, 4]);
  expect(series.cut(0, 10_000, 3000)).toEqual({
    xs: [0, 1000, 1001, 9000, 10_000],
    ys: [1, 2, null, 3, 4],
    gaps: [[1000, 9000]],
  });
});

test('intervals beyond the loaded range are not gaps', () => {
  const series = filled([0, 0], [90_000, 1], [91_000, 2], [500_000, 3]);
  expect(series.cut(89_000, 92_000, 3000)).toEqual({ xs: [90_000, 91_000], ys: [1, 2], gaps: [] });
});

test('a slice includes one reading beyond each end', () => {
  const series = filled([0, 0], [10, 1], [20, 2], [30, 3], [40, 4]);
  expect(series.cut(15, 25, 1000).xs).toEqual([10, 20, 30]);
});

test('minimum, maximum, typical interval and the value at a time', () => {
  const now = 1_795_358_175_526;
  const series = filled([now, 3], [now + 1000, -1], [now + 2000, 7], [now + 9000, 5]);
  expect(series.extent(now, now + 2000)).toEqual({ min: -1, max: 7 });
  expect(series.extent(now + 2001, now + 8000)).toBeNull();
  expect(series.usualInterval()).toBe(1000);
  expect(series.valueAt(now)).toEqual({ ts: now, value: 3 });
  expect(series.valueAt(now + 1999)).toEqual({ ts: now + 1000, value: -1 });
  expect(series.valueAt(now - 1)).toBeNull();
  expect([now - 9, now + 400, now + 600, now + 99_000].map((at) => series.nearest(at)?.value)).toEqual([
    3, 3, -1, 5,
  ]);
  expect(series.countAfter(now + 1000)).toBe(2);
});
