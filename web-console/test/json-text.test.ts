import { expect, test } from 'vitest';
import { placeOf, problemsIn, problemText, readJson } from '../src/device-types/json-text';

test('JSON is read as the browser reads it', () => {
  const texts = [
    '{"a": [1, -2.5e3, true, false, null], "b": {"c": "x\\n\\u00e9\\"", "": {}}, "__proto__": 1}',
    ' [ ] ',
    '"text"',
    '0',
    '\t{\n}\r\n',
  ];
  for (const text of texts) {
    expect(readJson(text)).toMatchObject({ value: JSON.parse(text), problem: null });
  }
});

test('a mistake has its line and column', () => {
  const wrong = {
    '': 'line 1, column 1: expected a value, found the end',
    '{\n  "a": 1,\n}': 'line 3, column 1: expected a name in double quotes, found “}”',
    '[1 2]': 'line 1, column 4: expected a comma or ], found “2”',
    '{"a" 1}': 'line 1, column 6: expected a colon, found “1”',
    '{"a": tru}': 'line 1, column 7: expected a value, found “t”',
    '[01]': 'line 1, column 3: expected a comma or ], found “1”',
    '{"a": "x}\n': 'line 1, column 7: the string has no closing quote',
    '"\\q"': 'line 1, column 1: the string has a control character or an unknown escape',
    '{"a": 1, "a": 2}': 'line 1, column 10: duplicate name "a"',
    '{} x': 'line 1, column 4: expected the end, found “x”',
    "{'a': 1}": "line 1, column 2: expected a name in double quotes, found “'”",
  };
  for (const [text, message] of Object.entries(wrong)) {
    const { problem } = readJson(text);
    expect(problem && problemText(problem), text).toBe(`Invalid JSON: ${message}`);
  }
  expect(readJson('['.repeat(5_000)).problem?.message).toMatch(/at most 100 levels/);
});

test('every value has a place, and a fault without one is shown at what contains it', () => {
  const text = '{\n  "a": {\n    "b/c": [1, 2]\n  }\n}';
  const json = readJson(text);
  expect(placeOf(json, '/a/b~1c/1')).toBe(text.indexOf('2'));
  expect(placeOf(json, '/a/b~1c')).toBe(text.indexOf('"b/c"'));
  expect(placeOf(json, '/a/none/x')).toBe(text.indexOf('"a"'));
  const problems = problemsIn(json, text, [
    { pointer: '/a/none', detail: 'is missing' },
    { pointer: '', detail: 'must be smaller' },
  ]);
  expect(problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
    '1:1 must be smaller',
    '2:3 /a/none is missing',
  ]);
});
