package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.DeviceStore.Insertion;
import io.signalbox.hub.store.StoreThread;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Registration of devices with a store that completes its futures on a thread of its own. */
class BulkRegistrationTest {
  private static final int ROUNDS = 5_000;

  @Test
  void a_device_is_registered_once_whenever_the_store_completes_a_look_up() {
    NewDevice device = new NewDevice("a", null, null, Map.of(), "key-of-at-least-24-characters");
    try (StoreThread thread = new StoreThread()) {
      DeviceStore store = store(thread);
      for (int round = 0; round < ROUNDS; round++) {
        BulkRegistration registration =
            new BulkRegistration(
                store, List.of(device), 1, id -> Future.succeededFuture(), added -> {});
        assertThat(answer(registration.run())).as("round %d", round).hasSize(1);
      }
    }
  }

  /** Stores everything; the look-up of ids in another case is completed on the store's thread. */
  private static DeviceStore store(StoreThread thread) {
    return (DeviceStore)
        Proxy.newProxyInstance(
            DeviceStore.class.getClassLoader(),
            new Class<?>[] {DeviceStore.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "insert" -> inserted((List<?>) arguments[0]);
                  case "differingInCase" -> thread.answer(Map.of());
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static Future<List<Insertion>> inserted(List<?> entries) {
    return Future.succeededFuture(entries.stream().map(entry -> Insertion.DONE).toList());
  }
}
