import { expect, test } from 'vitest';
import { unitText, withUnit } from '../src/device-types/units';

test('UCUM and SenML codes are shown as people write them', () => {
  const written = {
    Cel: '°C',
    '[degF]': '°F',
    '%': '%',
    '%RH': '%',
    'L/min': 'L/min',
    'm3/h': 'm³/h',
    'm/s2': 'm/s²',
    'kg/m3': 'kg/m³',
    's-1': 's⁻¹',
    'kW.h': 'kWh',
    'N.m': 'N·m',
    'uS/cm': 'µS/cm',
    um: 'µm',
    u: 'u',
    kOhm: 'kΩ',
    'mm[Hg]': 'mmHg',
    '[pH]': 'pH',
    deg: '°',
    '{rev}/min': 'rev/min',
    '{count}': 'count',
    '1/min': '/min',
    lon: '°',
    '/': '',
    '1': '',
  };
  for (const [code, text] of Object.entries(written)) {
    expect(unitText(code), code).toBe(text);
  }
});

test('a unit that is written already stays as it is', () => {
  for (const unit of ['°C', 'm³/h', 'rpm', 'mm/s', 'bar', 'kWh', 'dBm', 'toString']) {
    expect(unitText(unit)).toBe(unit);
  }
  expect([unitText(''), unitText(undefined)]).toEqual(['', '']);
});

test('a number without a unit has no space behind it', () => {
  expect([withUnit('5', 'min'), withUnit('5', '')]).toEqual(['5 min', '5']);
});
