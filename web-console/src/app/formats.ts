/** Formats numbers, times and ages in the browser's locale. */

const byDecimals: Intl.NumberFormat[] = [];
const whole = new Intl.NumberFormat();
const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Formats a reading with decimals by magnitude, so that its width stays stable. */
export function reading(value: unknown): string {
  if (typeof value === 'number') {
    return figure(value);
  }
  if (value === null || value === undefined) {
    return '—';
  }
  if (typeof value === 'boolean') {
    return value ? 'yes' : 'no';
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** @param like the number whose magnitude determines the decimals */
export function figure(value: number, like: number = value): string {
  const size = Math.abs(like);
  return fixed(value, size >= 1000 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** Formats a number with fixed decimals, from 0 to 15. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  }
  byDecimals[decimals] ??= new Intl.NumberFormat(undefined, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return byDecimals[decimals].format(value);
}

export function count(n: number): string {
  return whole.format(n);
}

/** Formats an age in its one or two largest units: "0.4 s", "12 s", "2 min 4 s", "3 d 4 h". */
export function age(ms: number): string {
  if (!Number.isFinite(ms)) {
    return '—';
  }
  const past = Math.max(0, ms);
  if (past < 10 * SECOND) {
    return `${fixed(Math.floor(past / 100) / 10, 1)} s`;
  }
  if (past < MINUTE) {
    return `${Math.floor(past / SECOND)} s`;
  }
  if (past < HOUR) {
    return pair(past, MINUTE, 'min', SECOND, 's');
  }
  return past < DAY ? pair(past, HOUR, 'h', MINUTE, 'min') : pair(past, DAY, 'd', HOUR, 'h');
}

function pair(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  const first = `${Math.floor(ms / large)} ${largeName}`;
  return rest ? `${first} ${rest} ${smallName}` : first;
}

/** Formats a duration: "3 ms", "412 ms", "1.2 s". */
export function took(ms: number): string {
  return ms < SECOND ? `${Math.max(0, Math.round(ms))} ms` : age(ms);
}

export function atTime(ms: number): string {
  return clock.format(ms);
}

export function atDayAndTime(ms: number): string {
  return dayAndClock.format(ms);
}

/** Converts "motorTemp" and "motor_temp" to "Motor temp". */
export function humanName(metric: string): string {
  const words = metric
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
