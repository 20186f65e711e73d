import { signal } from '@preact/signals';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'signalbox.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

export const themeChoice = signal<ThemeChoice>((localStorage.getItem(KEY) as ThemeChoice | null) ?? 'system');
/** The active theme; charts redraw when it changes. */
export const theme = signal<'light' | 'dark'>('light');

function apply(): void {
  const choice = themeChoice.value;
  theme.value = choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice;
  document.documentElement.dataset.theme = theme.value;
}

export function startTheme(): void {
  dark.addEventListener('change', apply);
  apply();
}

/** Cycles through system, light and dark. */
export function nextTheme(): void {
  const order: ThemeChoice[] = ['system', 'light', 'dark'];
  themeChoice.value = order[(order.indexOf(themeChoice.value) + 1) % order.length] as ThemeChoice;
  if (themeChoice.value === 'system') {
    localStorage.removeItem(KEY);
  } else {
    localStorage.setItem(KEY, themeChoice.value);
  }
  apply();
}
