// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { isLatestEffect } from '../src/device/undo-button';
import { Definition } from '../src/device-types/definition';
import { placesBefore, undoOf } from '../src/device-types/undo';
import type { Command, CommandState } from '../src/hub/api-types';

const definition = new Definition({
  metrics: { speed: { unit: 'rpm' } },
  commands: {
    'set-speed': { undo: { name: 'set-speed', params: { rpm: { $before: 'speed' } } } },
    'set-limit': {
      params: { type: 'object', properties: { limit: { type: 'number', unit: 'Cel' } } },
      undo: { name: 'set-limit', params: { limit: { $before: '/reported/limit' } } },
    },
    open: { undo: { name: 'close' } },
    close: { label: 'Close valve' },
    blend: {
      undo: { name: 'blend', params: { a: [{ $before: '/reported/a' }], b: { $before: 'b' }, c: 1 } },
    },
  },
});

test('an undo takes the values from before', () => {
  const before = (place: string) => ({ speed: 1420, '/reported/a': 'x', b: 2 })[place];
  expect(undoOf({ name: 'set-speed' }, definition, before)).toEqual({
    name: 'set-speed',
    params: { rpm: 1420 },
    text: 'Undo, back to 1,420 rpm',
  });
  expect(undoOf({ name: 'set-limit' }, definition, () => 30)?.text).toBe('Undo, back to 30.0 °C');
  expect(undoOf({ name: 'open' }, definition, before)).toEqual({
    name: 'close',
    params: {},
    text: 'Undo with Close valve',
  });
  expect(undoOf({ name: 'blend' }, definition, before)?.params).toEqual({ a: ['x'], b: 2, c: 1 });
  expect(placesBefore('blend', definition)).toEqual(['/reported/a', 'b']);
});

test('there is no undo where none is declared, or a value is not known', () => {
  expect(undoOf({ name: 'close' }, definition, () => 1)).toBeNull();
  expect(undoOf({ name: 'set-speed' }, definition, () => undefined)).toBeNull();
});

test('only the latest effect can be undone', () => {
  const command = (name: string, state: CommandState) => ({ name, state }) as Command;
  const opened = command('open', 'succeeded');
  expect(isLatestEffect(opened, [], 'close')).toBe(true);
  expect(isLatestEffect(command('open', 'failed'), [], 'close')).toBe(false);
  expect(isLatestEffect(opened, [command('open', 'succeeded')], 'close')).toBe(false);
  expect(isLatestEffect(opened, [command('close', 'queued')], 'close')).toBe(false);
  expect(
    isLatestEffect(opened, [command('close', 'rejected'), command('identify', 'succeeded')], 'close'),
  ).toBe(true);
});
