package io.signalbox.hub.command;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * An executor whose tasks a test runs one by one: tasks not run when the process is killed are
 * never run.
 *
 * <p>Threading: one thread.
 */
final class ManualExecutor implements Executor {
  private final Deque<Runnable> steps = new ArrayDeque<>();

  @Override
  public void execute(Runnable step) {
    steps.add(step);
  }

  /** Runs all tasks, including those they submit. */
  void run() {
    run(Integer.MAX_VALUE);
  }

  /** Runs at most that many tasks. */
  void run(int most) {
    for (int i = 0; i < most && !steps.isEmpty(); i++) {
      steps.remove().run();
    }
  }
}
