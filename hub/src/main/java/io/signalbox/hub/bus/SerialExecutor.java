package io.signalbox.hub.bus;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serial executor without a thread: runs tasks one at a time, in order, on the threads that submit
 * them. A thread that finds the executor idle runs its task at once, and then those that other
 * threads have submitted meanwhile. State that only its tasks touch needs no lock, no thread
 * blocks, and a thread that is awake need not wake another one for a task of a few microseconds.
 *
 * <p>A task submitted by a task runs after it. After {@link #MAX_IN_A_ROW} tasks a thread leaves
 * the rest to the fallback executor, since event loops have other work.
 *
 * <p>Threading: any thread may call. A task must not block: it may run on an event loop.
 */
public final class SerialExecutor implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);
  static final int MAX_IN_A_ROW = 64;

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Tasks submitted and not finished; the thread that raises it from 0 runs them. */
  private final AtomicInteger pending = new AtomicInteger();

  private final Executor fallback;

  /**
   * An idle executor.
   *
   * @param fallback continues where a thread has run enough tasks in a row
   */
  public SerialExecutor(Executor fallback) {
    this.fallback = fallback;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (pending.getAndIncrement() == 0) {
      drain();
    }
  }

  private void drain() {
    int done = 0;
    do {
      if (done == MAX_IN_A_ROW) {
        fallback.execute(this::drain);
        return;
      }
      runNext();
      done++;
    } while (pending.decrementAndGet() > 0);
  }

  private void runNext() {
    Runnable task = tasks.remove();
    try {
      task.run();
    } catch (Throwable thrown) {
      LOG.error("Task failed; the next ones run", thrown);
    }
  }
}
