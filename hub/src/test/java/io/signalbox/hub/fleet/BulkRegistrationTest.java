package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.DeviceStore.Insertion;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Registration of devices with a store that completes its futures on a thread of its own. */
class BulkRegistrationTest {
  private static final int ROUNDS = 5_000;

  private final AtomicReference<@Nullable Promise<Map<String, String>>> lookUp =
      new AtomicReference<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final DeviceStore store =
      (DeviceStore)
          Proxy.newProxyInstance(
              DeviceStore.class.getClassLoader(),
              new Class<?>[] {DeviceStore.class},
              (proxy, method, arguments) -> called(method.getName(), arguments));

  /** Stores everything; the look-up of ids in another case is completed on the store's thread. */
  private Object called(String method, Object[] arguments) {
    return switch (method) {
      case "insert" -> inserted((List<?>) arguments[0]);
      case "differingInCase" -> {
        Promise<Map<String, String>> promise = Promise.promise();
        lookUp.set(promise);
        yield promise.future();
      }
      default -> throw new UnsupportedOperationException(method);
    };
  }

  private static Future<List<Insertion>> inserted(List<?> entries) {
    return Future.succeededFuture(entries.stream().map(entry -> Insertion.DONE).toList());
  }

  private void completeLookUps() {
    int round = 0;
    while (!over.get()) {
      Promise<Map<String, String>> asked = lookUp.getAndSet(null);
      if (asked != null) {
        for (int i = round++ % 256; i > 0; i--) {
          Thread.onSpinWait(); // another moment each time
        }
        asked.complete(Map.of());
      }
    }
  }

  @Test
  void a_device_is_registered_once_whenever_the_store_completes_a_look_up() {
    CompletableFuture<Void> storeThread = CompletableFuture.runAsync(this::completeLookUps);
    NewDevice device = new NewDevice("a", null, null, Map.of(), "key-of-at-least-24-characters");
    try {
      for (int round = 0; round < ROUNDS; round++) {
        BulkRegistration registration =
            new BulkRegistration(
                store, List.of(device), 1, id -> Future.succeededFuture(), added -> {});
        assertThat(answer(registration.run())).as("round %d", round).hasSize(1);
      }
    } finally {
      over.set(true);
      storeThread.join();
    }
  }
}
