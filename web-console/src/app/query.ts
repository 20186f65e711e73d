/** Maps a query string to typed values; drops unknown and invalid parameters. */
export interface Param<T> {
  /** Parses a value; undefined if invalid. */
  read(text: string): T | undefined;
  write(value: T): string;
  otherwise: T;
}

export type Params = Record<string, Param<never>>;
export type Values<P> = { [K in keyof P]: P[K] extends Param<infer T> ? T : never };

export const text: Param<string> = { read: (given) => given, write: (value) => value, otherwise: '' };

export const list: Param<string[]> = {
  read: (given) => given.split(',').filter(Boolean),
  write: (value) => value.join(','),
  otherwise: [],
};

/** Timestamp in ms, written in ISO 8601; 0 for none. */
export const instant: Param<number> = {
  read: (given) => {
    const ms = /^\d+$/.test(given) ? Number(given) : Date.parse(given);
    return Number.isFinite(ms) ? ms : undefined;
  },
  write: (value) => (value ? new Date(value).toISOString() : ''),
  otherwise: 0,
};

export function oneOf<T extends string>(choices: readonly T[], otherwise: T): Param<T> {
  return {
    read: (given) => choices.find((choice) => choice === given),
    write: (value) => value,
    otherwise,
  };
}

type AnyParams = Record<string, { read(t: string): unknown; write(v: never): string; otherwise: unknown }>;

export function readQuery<P extends AnyParams>(params: P, search: string): Values<P> {
  const given = new URLSearchParams(search);
  const values = Object.entries(params).map(([name, param]) => {
    const found = given.get(name);
    const value = found === null ? undefined : param.read(found);
    return [name, value === undefined ? param.otherwise : value];
  });
  return Object.fromEntries(values) as Values<P>;
}

/** Builds the query string with a leading ?, or an empty string; omits default values. */
export function writeQuery<P extends AnyParams>(params: P, values: Values<P>): string {
  const query = new URLSearchParams();
  for (const [name, param] of Object.entries(params)) {
    const written = param.write(values[name] as never);
    if (written !== '' && written !== param.write(param.otherwise as never)) {
      query.set(name, written);
    }
  }
  const shownText = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return shownText ? `?${shownText}` : '';
}
