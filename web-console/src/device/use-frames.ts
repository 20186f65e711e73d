import { useEffect, useRef } from 'preact/hooks';

/** Does the work now and then at most so often, in an animation frame: never while the tab is hidden. */
export function useFrames(everyMs: number, work: () => void): void {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    let frame = 0;
    let last = Number.NEGATIVE_INFINITY;
    const step = (now: number) => {
      if (now - last >= everyMs) {
        last = now;
        latest.current();
      }
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [everyMs]);
}
