import { expect, test } from 'vitest';
import type { Json } from '../src/hub/api-types';
import { twinDiff } from '../src/twin/twin-diff';

function lines(desired: Json, reported: Json, delta: Json = {}): string[] {
  const sides = { desired: { version: 1, state: desired }, reported: { version: 1, state: reported } };
  return twinDiff({ device: 'd', ...sides, delta }).map(
    (line) =>
      `${line.path.join('.')} ${JSON.stringify(line.desired)} ${JSON.stringify(line.reported)}${line.differs ? ' !' : ''}`,
  );
}

test('desired values come first, then those only reported', () => {
  expect(
    lines({ target: 22, mode: { night: true } }, { uptime: 5, target: 22, mode: { night: true } }),
  ).toEqual(['target 22 22', 'mode.night true true', 'uptime undefined 5']);
});

test('only the differences reported by the hub are marked', () => {
  expect(
    lines({ target: 22, speed: 5, same: 1 }, { target: 20, same: 1, extra: 2 }, { target: 22, speed: 5 }),
  ).toEqual(['target 22 20 !', 'speed 5 undefined !', 'same 1 1', 'extra undefined 2']);
});

test('a value in place of a desired object is shown, and an empty object is a value', () => {
  expect(
    lines({ mode: { night: true }, list: [], none: {} }, { mode: 'off' }, { mode: { night: true } }),
  ).toEqual([
    'mode.night true undefined !',
    'list [] undefined',
    'none {} undefined',
    'mode undefined "off"',
  ]);
  expect(lines({ mode: 'auto' }, { mode: { night: true } }, { mode: 'auto' })[0]).toBe(
    'mode "auto" {"night":true} !',
  );
});

test('names with dots are not split', () => {
  expect(lines({ 'a.b': 1 }, { a: { b: 1 } }, { 'a.b': 1 })).toEqual([
    'a.b 1 undefined !',
    'a.b undefined 1',
  ]);
});
