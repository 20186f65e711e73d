import { useEffect, useRef } from 'preact/hooks';

/** Runs work in animation frames at a limited rate, never while the tab is hidden. */
export function useFrames(everyMs: number, work: () => void): void {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    let frame = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = () => {
      frame = requestAnimationFrame(() => {
        latest.current();
        timer = setTimeout(next, everyMs);
      });
    };
    next();
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [everyMs]);
}
