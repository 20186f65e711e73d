import uPlot from 'uplot';

export interface Drawing {
  from: number;
  to: number;
  xs: number[];
  ys: (number | null)[];
  gaps: [number, number][];
  /** Range that is always shown; readings outside widen it. */
  range: { min: number | undefined; max: number | undefined };
  /** Values at which a line is drawn, if they are in view. */
  limits: (number | undefined)[];
  /** Readings to be marked; those that are no numbers at the lower edge. */
  marks: { ts: number; value: number | null }[];
}

export interface LaneStyle {
  /** Index of the series colour, 0 to 5; lane and title also identify the series. */
  series: number;
  showTime: boolean;
}

const HEIGHT = 124;
const TIME_AXIS = 26;
const Y_AXIS = 46;
/** Half the width of a mark, in CSS pixels. */
const MARK = 5;
const FONT = '11px Inter, system-ui, sans-serif';

/**
 * One lane of a live chart. The only class that uses uPlot. Times are in ms. Dragging selects a
 * time span, a double click resets it.
 */
export class LiveChart {
  onZoom: (from: number, to: number) => void = () => {};
  onReset: () => void = () => {};
  onCursor: (ts: number | null) => void = () => {};
  private readonly plot: uPlot;
  private drawing: Drawing | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly style: LaneStyle,
    sync: string,
  ) {
    this.plot = new uPlot(this.options(sync), [[], []], host);
    this.plot.over.addEventListener('dblclick', () => this.onReset());
  }

  private options(sync: string): uPlot.Options {
    const ink = (name: string) => () => colour(this.host, name);
    return {
      width: this.width(),
      height: this.height(),
      ms: 1,
      padding: [10, 0, this.style.showTime ? 0 : 6, 0],
      legend: { show: false },
      cursor: {
        sync: { key: sync },
        drag: { x: true, y: false, setScale: false },
        points: { size: 7 },
        bind: { dblclick: () => null },
      },
      scales: {
        x: { time: true, auto: false },
        y: { range: (_plot, low, high) => rangeOf(low, high, this.drawing?.range) },
      },
      axes: [
        {
          show: this.style.showTime,
          size: TIME_AXIS,
          font: FONT,
          stroke: ink('--axis'),
          grid: { show: false },
          ticks: { show: false },
          values: [
            [86_400_000, '{DD}.{MM}.', null, null, null, null, null, null, 1],
            [3_600_000, '{HH}:{mm}', null, null, null, null, null, null, 1],
            [60_000, '{HH}:{mm}', null, null, null, null, null, null, 1],
            [1_000, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1],
            [1, '{ss}.{fff}', null, null, null, null, null, null, 1],
          ],
          space: 60,
        },
        {
          size: Y_AXIS,
          font: FONT,
          stroke: ink('--axis'),
          grid: { stroke: ink('--grid'), width: 1 },
          ticks: { show: false },
          values: (_plot, splits, _axis, _space, step) => axisTexts(splits, step),
          space: 28,
        },
      ],
      series: [
        {},
        {
          stroke: ink(`--s${this.style.series + 1}`),
          width: 1.5,
          spanGaps: false,
          points: { show: false },
        },
      ],
      hooks: {
        drawClear: [() => this.drawGaps(), () => this.drawLimits()],
        draw: [() => this.drawMarks()],
        setSelect: [(plot) => this.selected(plot)],
        setCursor: [
          (plot) =>
            this.onCursor(
              plot.cursor.left === undefined || plot.cursor.left < 0
                ? null
                : plot.posToVal(plot.cursor.left, 'x'),
            ),
        ],
      },
    };
  }

  draw(drawing: Drawing): void {
    this.drawing = drawing;
    this.plot.batch(() => {
      this.plot.setData([drawing.xs, drawing.ys] as uPlot.AlignedData, false);
      this.plot.setScale('x', { min: drawing.from, max: drawing.to });
    });
  }

  /** Sets the cursor; null removes it. */
  pointAt(ts: number | null): void {
    const left = ts === null ? -10 : this.plot.valToPos(ts, 'x');
    this.plot.setCursor({ left, top: ts === null ? -10 : 20 });
  }

  resize(): void {
    this.plot.setSize({ width: this.width(), height: this.height() });
  }

  /** Redraws with the active theme. */
  recolour(): void {
    this.plot.redraw(false, true);
  }

  destroy(): void {
    this.plot.destroy();
  }

  private selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width > 4) {
      this.onZoom(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    }
  }

  private drawGaps(): void {
    const { ctx, bbox } = this.plot;
    ctx.save();
    ctx.fillStyle = colour(this.host, '--gap');
    for (const [from, to] of this.drawing?.gaps ?? []) {
      const left = Math.max(bbox.left, this.plot.valToPos(from, 'x', true));
      const right = Math.min(bbox.left + bbox.width, this.plot.valToPos(to, 'x', true));
      if (right > left) {
        ctx.fillRect(left, bbox.top, right - left, bbox.height);
      }
    }
    ctx.restore();
  }

  private drawLimits(): void {
    const { ctx, bbox, scales } = this.plot;
    const { min = 0, max = 0 } = scales.y ?? {};
    ctx.save();
    ctx.strokeStyle = colour(this.host, '--major');
    ctx.setLineDash([6, 4]);
    ctx.beginPath();
    for (const limit of this.drawing?.limits ?? []) {
      if (limit !== undefined && limit > min && limit < max) {
        const y = Math.round(this.plot.valToPos(limit, 'y', true));
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
      }
    }
    ctx.stroke();
    ctx.restore();
  }

  /** Triangles, as everywhere for what is worth a look, with an edge that sets them off the line. */
  private drawMarks(): void {
    const { ctx, bbox } = this.plot;
    const marks = this.drawing?.marks ?? [];
    if (marks.length === 0) {
      return;
    }
    const size = MARK * devicePixelRatio;
    ctx.save();
    ctx.fillStyle = colour(this.host, '--major');
    ctx.strokeStyle = colour(this.host, '--surface');
    ctx.lineWidth = devicePixelRatio;
    for (const { ts, value } of marks) {
      const x = this.plot.valToPos(ts, 'x', true);
      const y = value === null ? bbox.top + bbox.height - size : this.plot.valToPos(value, 'y', true);
      ctx.beginPath();
      ctx.moveTo(x, y - size);
      ctx.lineTo(x + size, y + size);
      ctx.lineTo(x - size, y + size);
      ctx.closePath();
      ctx.fill();
      ctx.stroke();
    }
    ctx.restore();
  }

  private width(): number {
    return Math.max(120, this.host.clientWidth);
  }

  private height(): number {
    return this.style.showTime ? HEIGHT + TIME_AXIS : HEIGHT;
  }
}

const SMALLEST_SPAN = 0.02;

/** The declared range with what lies outside of it; without one a range around the readings. */
function rangeOf(
  low: number | null,
  high: number | null,
  range: Drawing['range'] | undefined,
): [number, number] {
  const [least, most] = roomy(low, high);
  const min = range?.min === undefined ? least : Math.min(range.min, low ?? range.min);
  const max = range?.max === undefined ? most : Math.max(range.max, high ?? range.max);
  return min < max ? [min, max] : [least, most];
}

/** Centres flat lines, keeps small changes small, and adds a margin at the edges. */
function roomy(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) {
    return [0, 1];
  }
  const span = Math.max(high - low, Math.max(Math.abs(low), Math.abs(high)) * SMALLEST_SPAN) || 1;
  const middle = (low + high) / 2;
  return [middle - span * 0.62, middle + span * 0.62];
}

/** Formats ticks with the decimals that their step requires. */
function axisTexts(splits: number[], step: number): string[] {
  const decimals =
    [0, 1, 2, 3].find((n) => Math.abs(step * 10 ** n - Math.round(step * 10 ** n)) < 1e-6) ?? 4;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return splits.map((value) => value.toLocaleString(undefined, digits));
}

function colour(host: HTMLElement, name: string): string {
  return getComputedStyle(host).getPropertyValue(name).trim();
}
