package io.signalbox.hub.bus;

import static io.signalbox.hub.bus.SerialExecutor.MAX_IN_A_ROW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
  private final Queue<Runnable> fallback = new ArrayDeque<>();
  private final SerialExecutor executor = new SerialExecutor(fallback::add);
  private final List<Integer> ran = new ArrayList<>();

  @Test
  void who_brings_a_task_to_an_idle_executor_runs_it() {
    executor.execute(() -> ran.add(1));

    assertThat(ran).containsExactly(1);
  }

  @Test
  void a_task_that_is_brought_by_another_runs_after_it() {
    executor.execute(
        () -> {
          executor.execute(() -> ran.add(2));
          ran.add(1);
        });

    assertThat(ran).containsExactly(1, 2);
  }

  @Test
  void a_task_that_fails_does_not_stop_those_after_it() {
    executor.execute(
        () -> {
          executor.execute(() -> ran.add(1));
          throw new IllegalStateException("as a test wants it");
        });
    executor.execute(() -> ran.add(2));

    assertThat(ran).containsExactly(1, 2);
  }

  @Test
  void a_thread_that_has_run_enough_leaves_the_rest_to_another() {
    int tasks = MAX_IN_A_ROW + 2;

    executor.execute(() -> IntStream.range(1, tasks).forEach(i -> executor.execute(() -> add(i))));

    assertThat(ran).hasSize(MAX_IN_A_ROW - 1);
    executor.execute(() -> add(tasks));
    assertThat(ran).as("another goes on, and nobody beside it").hasSize(MAX_IN_A_ROW - 1);
    fallback.remove().run();
    assertThat(ran).isEqualTo(IntStream.rangeClosed(1, tasks).boxed().toList());
  }

  @Test
  void tasks_of_many_threads_run_one_at_a_time_and_each_threads_own_in_order() {
    int threads = 4;
    int each = 20_000;
    try (ExecutorService pool = Executors.newCachedThreadPool()) {
      SerialExecutor shared = new SerialExecutor(pool);
      AtomicBoolean inside = new AtomicBoolean();
      List<List<Integer>> seen = new ArrayList<>();
      List<Integer> done = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        List<Integer> mine = new ArrayList<>();
        seen.add(mine);
        pool.execute(
            () -> {
              for (int number = 0; number < each; number++) {
                int next = number;
                shared.execute(
                    () -> {
                      boolean alone = inside.compareAndSet(false, true);
                      mine.add(alone ? next : -1);
                      done.add(next);
                      inside.set(false);
                    });
              }
            });
      }

      await().until(() -> sizeOf(shared, done) == threads * each);

      List<Integer> inOrder = IntStream.range(0, each).boxed().toList();
      assertThat(seen).allMatch(mine -> mine.equals(inOrder));
    }
  }

  private void add(int task) {
    ran.add(task);
  }

  /** Asked inside, where alone it may be looked at; -1 if that is not answered at once. */
  private static int sizeOf(SerialExecutor shared, List<Integer> done) {
    List<Integer> size = new ArrayList<>(List.of(-1));
    AtomicBoolean asked = new AtomicBoolean();
    shared.execute(
        () -> {
          size.set(0, done.size());
          asked.set(true);
        });
    return asked.get() ? size.getFirst() : -1;
  }
}
