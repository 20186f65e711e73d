// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Question } from '../src/hub/question';
import { Unreachable } from '../src/hub/rest';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('however often it is asked, the hub hears it at once and then at most so often', async () => {
  let times = 0;
  const question = new Question(async () => ++times, 2_000);
  question.ask();
  await vi.advanceTimersByTimeAsync(0);
  expect(question.answer.value).toBe(1);
  for (let i = 0; i < 50; i++) {
    question.ask();
    await vi.advanceTimersByTimeAsync(20);
  }
  expect(times).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(question.answer.value).toBe(2);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(times).toBe(2);
});

test('what happens while it is asked is not missed', async () => {
  let answer: (n: number) => void = () => {};
  let times = 0;
  const question = new Question(() => {
    times++;
    return new Promise<number>((resolve) => {
      answer = resolve;
    });
  }, 100);
  question.ask();
  await vi.advanceTimersByTimeAsync(500);
  question.ask();
  await vi.advanceTimersByTimeAsync(500);
  expect(times).toBe(1);
  answer(7);
  await vi.advanceTimersByTimeAsync(0);
  expect(times).toBe(2);
  question.close();
});

test('a fault is told and the last answer stays, until the next comes', async () => {
  let fails = false;
  const question = new Question(async () => {
    if (fails) {
      throw new Unreachable();
    }
    return 'so';
  }, 10);
  await question.askNow();
  fails = true;
  await question.askNow();
  expect(question.answer.value).toBe('so');
  expect(question.fault.value).toBeInstanceOf(Unreachable);
  fails = false;
  await question.askNow();
  expect(question.fault.value).toBeNull();
});
