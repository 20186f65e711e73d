/** Units: UCUM and SenML codes as people write them. */

/** Codes whose usual form does not follow from the rules below. */
const WRITTEN: Record<string, string> = {
  '1': '',
  '/': '',
  Cel: '°C',
  degF: '°F',
  '[degF]': '°F',
  deg: '°',
  lat: '°',
  lon: '°',
  "'": '′',
  "''": '″',
  '%RH': '%',
  'EL%': '%',
  EL: 's',
  '[pH]': 'pH',
  '[ppm]': 'ppm',
  '[ppb]': 'ppb',
  '[in_i]': 'in',
  '[ft_i]': 'ft',
  '[yd_i]': 'yd',
  '[mi_i]': 'mi',
  '[kn_i]': 'kn',
  '[lb_av]': 'lb',
  '[oz_av]': 'oz',
  '[gal_us]': 'gal',
  '[psi]': 'psi',
  'm[Hg]': 'mHg',
  'mm[Hg]': 'mmHg',
  'm[H2O]': 'mH₂O',
  'cm[H2O]': 'cmH₂O',
  Ohm: 'Ω',
  kOhm: 'kΩ',
  MOhm: 'MΩ',
  mOhm: 'mΩ',
  'W.h': 'Wh',
  'kW.h': 'kWh',
  'MW.h': 'MWh',
  'A.h': 'Ah',
  'mA.h': 'mAh',
  'V.A': 'VA',
  'kV.A': 'kVA',
  vph: 'vehicles/h',
};
/** UCUM writes the prefix micro as u; a u alone is the atomic mass unit. */
const MICRO = /^u(?=(m|s|g|l|L|V|A|S|F|H|W|J|T|mol|Pa|bar|Sv|Gy)$)/;
const POWERS: Record<string, string> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

/** Converts a code such as `Cel`, `m3/h` or `kW.h` to "°C", "m³/h", "kWh"; any other text stays as it is. */
export function unitText(code: string | undefined): string {
  if (!code) {
    return '';
  }
  return Object.hasOwn(WRITTEN, code) ? (WRITTEN[code] as string) : code.split('/').map(product).join('/');
}

function product(text: string): string {
  return text.split('.').map(term).join('·');
}

/** A unit with its exponent; `{…}` is a remark of UCUM, such as `{rev}/min`. */
function term(text: string): string {
  const [, unit, power] = /^(.*?[^\d-])(-?\d+)$/.exec(text) ?? [undefined, text, ''];
  const name = (unit ?? text).replace(/[{}]/g, '').replace(MICRO, 'µ');
  const written = Object.hasOwn(WRITTEN, name) ? WRITTEN[name] : name;
  return `${written}${[...(power ?? '')].map((sign) => POWERS[sign]).join('')}`;
}

/** A number with its unit, as one text. */
export function withUnit(figure: string, unit: string): string {
  return unit ? `${figure} ${unit}` : figure;
}
