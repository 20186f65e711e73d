import { expect, test } from 'vitest';
import type { Json } from '../src/hub/api-types';
import { inexactIn, nullIn, patchBetween, patched, same } from '../src/twin/merge-patch';

test('a patch replaces values, removes nulls and keeps the rest', () => {
  const before = { target: 21, mode: { night: true, fan: 2 }, zones: [1, 2] };
  const patch = { target: 22, mode: { night: null }, zones: [3], name: { short: 'a' } };
  expect(patched(before, patch)).toEqual({ target: 22, mode: { fan: 2 }, zones: [3], name: { short: 'a' } });
  expect(patched({ a: 5 }, { a: { b: null, c: 1 } })).toEqual({ a: { c: 1 } });
  expect(before.mode).toEqual({ night: true, fan: 2 });
});

test('the patch between two documents is minimal and converts one into the other', () => {
  const pairs: [Json, Json, Json][] = [
    [{ a: 1, b: 2 }, { a: 1, b: 3 }, { b: 3 }],
    [{ a: { b: 1, c: 2 } }, { a: { c: 2 } }, { a: { b: null } }],
    [{ a: { b: 1 } }, {}, { a: null }],
    [{ a: [1, 2] }, { a: [2, 1] }, { a: [2, 1] }],
    [{ a: { b: 1 } }, { a: 5 }, { a: 5 }],
    [{ a: 5 }, { a: {} }, { a: {} }],
    [{ a: { b: 1 } }, { a: {} }, { a: { b: null } }],
    [{ a: 1, b: { c: [{ d: 1 }] } }, { b: { c: [{ d: 1 }] }, a: 1 }, {}],
  ];
  for (const [before, after, patch] of pairs) {
    expect(patchBetween(before, after)).toEqual(patch);
    expect(patched(before, patch)).toEqual(after);
  }
});

test('a change can be reapplied to another version', () => {
  const began = { interval: 60, target: 21 };
  const mine = patchBetween(began, { interval: 30, target: 21 });
  expect(patched({ interval: 60, target: 19, fan: 1 }, mine)).toEqual({ interval: 30, target: 19, fan: 1 });
});

test('a null that a patch cannot set is found, except inside an array', () => {
  expect(nullIn({ a: { b: null } })).toBe('a.b');
  expect(nullIn({ a: [null], b: 0 })).toBeUndefined();
  expect(same({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toBe(true);
  expect(same({ a: 1 }, { b: 1 })).toBe(false);
  expect(same([], {})).toBe(false);
});

test('a number that cannot be represented exactly is found', () => {
  expect(inexactIn(JSON.parse('{"a": {"b": [1, 1e400]}}'))).toBe('a.b.1');
  expect(inexactIn(JSON.parse('{"serial": 12345678901234567890}'))).toBe('serial');
  expect(inexactIn({ a: -1.5, b: null, c: ['x', { d: 2 ** 53 - 1 }] })).toBeUndefined();
});
