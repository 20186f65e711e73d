import { describe, expect, it } from 'vitest';
import { StateSpans, totalsOf } from '../src/chart/state-spans';

describe('the states of a channel', () => {
  it('hold until a reading with another value', () => {
    const states = new StateSpans();
    states.add(10, 'open');
    states.add(20, 'open');
    states.add(30, 'shut');

    expect(states.cut(0, 50)).toEqual([
      { from: 10, to: 30, value: 'open' },
      { from: 30, to: 50, value: 'shut' },
    ]);
    expect(states.at(29)?.value).toBe('open');
    expect(states.at(5)).toBeNull();
  });

  it('are clipped to the view', () => {
    const states = new StateSpans();
    states.add(10, true);
    states.add(90, false);

    expect(states.cut(20, 60)).toEqual([{ from: 20, to: 60, value: true }]);
  });

  it('are replaced by history, except later live changes', () => {
    const states = new StateSpans();
    states.add(100, 'open');
    states.add(200, 'shut');
    states.join([
      [0, 'shut', 60],
      [60, 'open', 90],
    ]);

    expect(states.cut(0, 300)).toEqual([
      { from: 0, to: 60, value: 'shut' },
      { from: 60, to: 200, value: 'open' },
      { from: 200, to: 300, value: 'shut' },
    ]);
  });

  it('distinguish true from "true", and ignore late readings until the next history', () => {
    const states = new StateSpans();
    states.add(10, true);
    states.add(20, 'true');
    states.add(15, false);

    expect(states.cut(0, 30).map((span) => span.value)).toEqual([true, 'true']);
  });

  it('are limited in number', () => {
    const states = new StateSpans();
    for (let i = 0; i < 50_000; i++) {
      states.add(i, i % 2 === 0);
    }

    expect(states.length).toBeLessThanOrEqual(20_000);
    expect(states.at(49_999)?.value).toBe(false);
  });

  it('are summed, longest first', () => {
    const states = new StateSpans();
    states.add(0, 'open');
    states.add(10, 'shut');
    states.add(40, 'open');

    expect(totalsOf(states.cut(0, 50))).toEqual([
      { value: 'shut', ms: 30, count: 1 },
      { value: 'open', ms: 20, count: 2 },
    ]);
  });
});
