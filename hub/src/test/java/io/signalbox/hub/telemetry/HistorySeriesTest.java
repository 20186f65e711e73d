package io.signalbox.hub.telemetry;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.StoreThread;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages of a series from a store that completes its futures on a thread of its own. */
class HistorySeriesTest {
  private static final int ROUNDS = 5_000;
  private static final List<Point> REDUCED = List.of(new Point(1, new Value.Num(2)));

  @Test
  void the_first_page_of_a_reduced_series_is_reduced_whenever_the_store_answers() {
    try (StoreThread thread = new StoreThread()) {
      HistorySeries series =
          new HistorySeries(
              store(thread),
              new ManualClock(1_000),
              new SeriesRange("pump-7", "flow", 0, 1_000),
              10,
              Aggregate.AVG);
      for (int round = 0; round < ROUNDS; round++) {
        HistorySeries.Pages pages = series.walk(100);
        List<Point> first = answer(pages.open().compose(form -> pages.next()));
        assertThat(first).as("round %d", round).isEqualTo(REDUCED);
      }
    }
  }

  /** Only the reduced points can be asked for: a page of raw readings fails. */
  private static TelemetryStore store(StoreThread thread) {
    return (TelemetryStore)
        Proxy.newProxyInstance(
            TelemetryStore.class.getClassLoader(),
            new Class<?>[] {TelemetryStore.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("sample")) {
                throw new UnsupportedOperationException(method.getName());
              }
              return thread.answer(REDUCED);
            });
  }
}
