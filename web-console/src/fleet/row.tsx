import { useLayoutEffect, useRef } from 'preact/hooks';
import { deviceUrl } from '../app/router';
import type { RowStore } from '../feed/row-store';
import { RowCells } from './row-cells';

interface RowProps {
  store: RowStore;
  slot: number;
  top: number;
  current: boolean;
  /** Registry of live cells for painting. */
  cells: Map<number, RowCells>;
}

/** A device row. Renders static content; live cells are painted separately. */
export function GridRow({ store, slot, top, current, cells }: RowProps) {
  const element = useRef<HTMLDivElement>(null);
  const device = store.devices[slot];
  useLayoutEffect(() => {
    const painted = new RowCells(element.current as HTMLDivElement);
    cells.set(slot, painted);
    painted.paint(store, slot);
    return () => {
      if (cells.get(slot) === painted) {
        cells.delete(slot);
      }
    };
  }, [store, slot, cells]);
  if (!device) {
    return null;
  }
  const labels = Object.values(device.labels ?? {}).join(', ');
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: see the grid
    // biome-ignore-start lint/a11y/useFocusableInteractive: the grid has the focus and names the active row
    <div
      ref={element}
      id={`row-${slot}`}
      role="row"
      aria-rowindex={slot + 2}
      aria-selected={current}
      class={current ? 'tr cur' : 'tr'}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span class="c-st" role="gridcell">
        <span data-cell="status" class="st">
          <svg class="g" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
            <path data-cell="glyph" stroke-width="1.6" />
          </svg>
          <span data-cell="word" />
        </span>
      </span>
      <span class="c-id" role="gridcell">
        <a class="dev" href={deviceUrl(device.id)} tabIndex={-1}>
          <span class="mono">{device.id}</span>
          <span class="mute clip">{device.name}</span>
        </a>
      </span>
      <span class="c-type soft clip" role="gridcell">
        {device.type}
        {labels && <span class="mute"> {labels}</span>}
      </span>
      <span class="rdg c-now" role="gridcell">
        <span data-cell="metric" class="mute clip only-w" />
        <span data-cell="reading" class="val">
          <span data-cell="value" />
          <small data-cell="unit" />
          <span data-cell="misfit" class="vh" />
        </span>
        <svg class="spark" viewBox="0 0 76 20" aria-hidden="true">
          <path data-cell="trail" />
        </svg>
      </span>
      <span class="c-age" role="gridcell">
        <span data-cell="age" class="age r" />
      </span>
      <span class="via only-w" role="gridcell">
        <b data-cell="via" />
        <span data-cell="address" class="num clip" />
      </span>
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: see above
    // biome-ignore-end lint/a11y/useSemanticElements: see above
  );
}
