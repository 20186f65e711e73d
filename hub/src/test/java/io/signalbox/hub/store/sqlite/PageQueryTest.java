package io.signalbox.hub.store.sqlite;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.store.FleetStores;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cost of device lists, and their effect on other queries. */
@SuppressWarnings("NullAway.Init") // set before each test
class PageQueryTest {
  @TempDir private Path directory;
  private SqliteFleet fleet;
  private FleetStores stores;

  @BeforeEach
  void open() {
    fleet = new SqliteFleet(directory);
    stores = fleet.stores();
    stores.insert(IntStream.range(0, 30).mapToObj(i -> "dev-" + (10 + i)).toArray(String[]::new));
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void devices_are_authenticated_while_lists_occupy_all_their_threads() {
    CountDownLatch gate = new CountDownLatch(1);
    List<Future<Boolean>> slow =
        IntStream.range(0, 10).mapToObj(i -> fleet.database().list(sql -> passed(gate))).toList();
    Future<Page<Device>> behind = stores.devices().list(page(null));

    assertThat(answer(stores.devices().findByKey(FleetStores.keyOf("dev-10")))).isPresent();
    assertThat(answer(stores.devices().find("dev-11"))).isPresent();
    assertThat(answer(stores.twins().find("dev-11")).desired().version()).isZero();

    assertThat(behind.isComplete()).isFalse();
    gate.countDown();
    answer(Future.join(slow));
    assertThat(answer(behind).items()).hasSize(10);
  }

  @Test
  void only_the_first_page_of_a_list_is_counted() {
    long before = fleet.database().statements();
    Page<Device> first = answer(stores.devices().list(page(null)));
    long counted = fleet.database().statements() - before;

    Page<Device> second = answer(stores.devices().list(page(first.next())));

    long uncounted = fleet.database().statements() - before - counted;
    assertThat(uncounted).isEqualTo(counted - 1);
    assertThat(second.total()).isEqualTo(first.total()).isEqualTo(30);
  }

  private static DeviceQuery page(@Nullable String cursor) {
    return new DeviceQuery("dev", null, Map.of(), null, DeviceQuery.Sort.ID, false, cursor, 10);
  }

  private static boolean passed(CountDownLatch gate) {
    try {
      gate.await();
      return true;
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
