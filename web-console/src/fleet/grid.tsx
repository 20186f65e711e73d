import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { deviceUrl, go } from '../app/router';
import { FrameScheduler } from '../feed/frame-scheduler';
import type { FleetFeed } from './fleet-feed';
import { GridRow } from './row';
import type { RowCells } from './row-cells';

const OVERSCAN = 6;

interface GridProps {
  feed: FleetFeed;
  at: string;
  onAt: (id: string) => void;
}

/** Virtual list: visible rows and a few more, in a scroller with the height of all loaded rows. */
export function Grid({ feed, at, onAt }: GridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ first: 0, last: 30, row: 32 });
  const cells = useRef(new Map<number, RowCells>());
  const version = feed.version.value;
  const rows = feed.rows.size;

  useLayoutEffect(() => {
    const box = scroller.current as HTMLDivElement;
    const measure = () => setView(inView(box));
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(box);
    box.addEventListener('scroll', measure, { passive: true });
    return () => {
      sizes.disconnect();
      box.removeEventListener('scroll', measure);
    };
  }, []);

  useEffect(() => {
    const painter = new FrameScheduler((everything) => {
      for (const [slot, row] of cells.current) {
        if (feed.rows.takeDirty(slot) || everything) {
          row.paint(feed.rows, slot);
        }
      }
    });
    feed.onChange = () => painter.request();
    return () => painter.stop();
  }, [feed]);

  const first = Math.max(0, Math.min(view.first, rows - 1));
  const last = Math.min(rows - 1, view.last);
  useEffect(() => feed.setVisible(first, last), [feed, first, last, version]);

  function move(step: number) {
    const now = feed.rows.slotOf(at) ?? (step > 0 ? -1 : rows);
    const slot = Math.max(0, Math.min(rows - 1, now + step));
    const device = feed.rows.devices[slot];
    if (device) {
      onAt(device.id);
      reveal(scroller.current as HTMLDivElement, slot * view.row, view.row);
    }
  }
  useKeys(move, () => at && go(deviceUrl(at)));

  const visible = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  const active = feed.rows.slotOf(at);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot hold positioned rows
    <div
      role="grid"
      class="grid"
      aria-label="Devices"
      aria-rowcount={feed.total.value + 1}
      aria-colcount={6}
      tabIndex={0}
      aria-activedescendant={
        active !== undefined && active >= first && active <= last ? `row-${active}` : undefined
      }
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div class="rows" ref={scroller} role="rowgroup" tabIndex={-1}>
        <HeadRow />
        <div role="presentation" class="tall" style={{ height: `${rows * view.row}px` }}>
          {visible.map((slot) => (
            <GridRow
              key={feed.rows.devices[slot]?.id}
              store={feed.rows}
              slot={slot}
              top={slot * view.row}
              current={slot === active}
              cells={cells.current}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function HeadRow() {
  const columns = ['Status', 'Device', 'Type', 'Reading', 'Age', 'Link'];
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the active row
    <div class="tr h" role="row" aria-rowindex={1}>
      {columns.map((column) => (
        // biome-ignore lint/a11y/useSemanticElements: see the grid
        // biome-ignore lint/a11y/useFocusableInteractive: nothing to do on a header
        <span key={column} role="columnheader" class={column === 'Age' ? 'r' : undefined}>
          {column}
        </span>
      ))}
    </div>
  );
}

function inView(box: HTMLDivElement): { first: number; last: number; row: number } {
  const row = Number.parseFloat(getComputedStyle(box).getPropertyValue('--grid-row')) || 32;
  const first = Math.max(0, Math.floor(box.scrollTop / row) - OVERSCAN);
  return { first, last: Math.ceil((box.scrollTop + box.clientHeight) / row) + OVERSCAN, row };
}

/** Scrolls as little as needed; the header row stays visible. */
function reveal(box: HTMLDivElement, top: number, height: number): void {
  const head = (box.querySelector('.tall') as HTMLElement).offsetTop;
  if (top < box.scrollTop) {
    box.scrollTop = top;
  } else if (top + height + head > box.scrollTop + box.clientHeight) {
    box.scrollTop = top + height + head - box.clientHeight;
  }
}

/**
 * Keys: j, k and the arrows move, Enter opens; letters are ignored in inputs. The handler is
 * replaced synchronously with each render, so that fast typing acts on what is on the screen.
 */
function useKeys(move: (step: number) => void, open: () => void): void {
  const deeds = useRef({ move, open });
  useLayoutEffect(() => {
    deeds.current = { move, open };
  });
  useLayoutEffect(() => {
    const pressed = (key: KeyboardEvent) => {
      const target = key.target as HTMLElement;
      if (
        target.closest('input, textarea, select, button, a, dialog') ||
        key.ctrlKey ||
        key.metaKey ||
        key.altKey
      ) {
        return;
      }
      const steps: Record<string, number> = {
        j: 1,
        ArrowDown: 1,
        k: -1,
        ArrowUp: -1,
        PageDown: 15,
        PageUp: -15,
      };
      const step = steps[key.key];
      if (step) {
        key.preventDefault();
        deeds.current.move(step);
      } else if (key.key === 'Enter') {
        deeds.current.open();
      }
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
}
