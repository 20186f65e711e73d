// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RefreshableResource } from '../src/hub/resource';
import { NetworkError } from '../src/hub/rest';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('refreshes reach the hub at once and then at a limited rate', async () => {
  let times = 0;
  const question = new RefreshableResource(async () => ++times, 2_000);
  question.refresh();
  await vi.advanceTimersByTimeAsync(0);
  expect(question.value.value).toBe(1);
  for (let i = 0; i < 50; i++) {
    question.refresh();
    await vi.advanceTimersByTimeAsync(20);
  }
  expect(times).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(question.value.value).toBe(2);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(times).toBe(2);
});

test('a change during a request causes another one', async () => {
  let answer: (n: number) => void = () => {};
  let times = 0;
  const question = new RefreshableResource(() => {
    times++;
    return new Promise<number>((resolve) => {
      answer = resolve;
    });
  }, 100);
  question.refresh();
  await vi.advanceTimersByTimeAsync(500);
  question.refresh();
  await vi.advanceTimersByTimeAsync(500);
  expect(times).toBe(1);
  answer(7);
  await vi.advanceTimersByTimeAsync(0);
  expect(times).toBe(2);
  question.close();
});

test('an error is reported and the last value stays until the next response', async () => {
  let fails = false;
  const question = new RefreshableResource(async () => {
    if (fails) {
      throw new NetworkError();
    }
    return 'so';
  }, 10);
  await question.refreshNow();
  fails = true;
  await question.refreshNow();
  expect(question.value.value).toBe('so');
  expect(question.fault.value).toBeInstanceOf(NetworkError);
  fails = false;
  await question.refreshNow();
  expect(question.fault.value).toBeNull();
});
