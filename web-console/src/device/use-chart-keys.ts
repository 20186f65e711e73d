import { useLayoutEffect } from 'preact/hooks';

interface ChartActions {
  pause(): void;
  reset(): void;
  zoom(factor: number): void;
  table(): void;
}

/** Keyboard shortcuts: Space pauses, 0 resets, + and − zoom, t shows the table; ignored inside controls. */
export function useChartKeys(go: ChartActions): void {
  useLayoutEffect(() => {
    const pressed = (key: KeyboardEvent) => {
      const busy = (key.target as HTMLElement).closest('input, textarea, select, button, a, summary');
      if (busy || key.ctrlKey || key.metaKey || key.altKey) {
        return;
      }
      const actions: Record<string, () => void> = {
        ' ': go.pause,
        '0': go.reset,
        '+': () => go.zoom(0.5),
        '-': () => go.zoom(2),
        t: go.table,
      };
      const action = actions[key.key];
      if (action) {
        key.preventDefault();
        action();
      }
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  });
}
