import type { Flapping, PresenceState } from '../hub/api-types';

/** Status with shape, word and colour; never colour alone. */
export type Tone = 'ok' | 'off' | 'stale' | 'crit' | 'major' | 'minor';

export const PRESENCE: Record<PresenceState, { word: string; tone: Tone }> = {
  online: { word: 'Online', tone: 'ok' },
  asleep: { word: 'Asleep', tone: 'minor' },
  overdue: { word: 'Overdue', tone: 'stale' },
  offline: { word: 'Offline', tone: 'off' },
};

/** Status of a flapping device. */
export const FLAPPING: Record<Flapping['kind'], Tone> = { unstable: 'major', contested: 'crit' };

/** One path per shape, so that a row changes its glyph with one attribute. */
export const GLYPHS: Record<Tone, { d: string; hollow: boolean; dash?: string }> = {
  ok: { d: 'M7 3.6a3.4 3.4 0 1 1 0 6.8a3.4 3.4 0 0 1 0-6.8', hollow: false },
  off: { d: 'M7 1.8a5.2 5.2 0 1 1 0 10.4a5.2 5.2 0 0 1 0-10.4M3.5 10.5l7-7', hollow: true },
  stale: {
    d: 'M7 1.6a5.4 5.4 0 1 1 0 10.8a5.4 5.4 0 0 1 0-10.8M7 4.2V7l1.9 1.3',
    hollow: true,
    dash: '2.6 1.9',
  },
  crit: { d: 'M7 .8 13.2 7 7 13.2 .8 7Z', hollow: false },
  major: { d: 'M7 1 13.4 12.6H.6Z', hollow: false },
  minor: {
    d: 'M3.2 2.2h7.6a1 1 0 0 1 1 1v7.6a1 1 0 0 1-1 1H3.2a1 1 0 0 1-1-1V3.2a1 1 0 0 1 1-1',
    hollow: false,
  },
};

export function Glyph({ tone }: { tone: Tone }) {
  const { d, hollow, dash } = GLYPHS[tone];
  return (
    <svg class="g" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
      <path
        d={d}
        fill={hollow ? 'none' : 'currentColor'}
        stroke={hollow ? 'currentColor' : 'none'}
        stroke-width="1.6"
        stroke-dasharray={dash}
      />
    </svg>
  );
}

export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span class={`badge ${tone}`}>
      <Glyph tone={tone} />
      {children}
    </span>
  );
}

export function Status({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span class={`st ${tone}`}>
      <Glyph tone={tone} />
      {children}
    </span>
  );
}
