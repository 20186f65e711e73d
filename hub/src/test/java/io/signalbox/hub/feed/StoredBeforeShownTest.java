package io.signalbox.hub.feed;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.HeldTelemetryStore;
import io.signalbox.hub.telemetry.HeldTelemetryStore.SilentSender;
import io.signalbox.hub.telemetry.TelemetryIngest;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client of the feed sees what the store has stored, and nothing else. */
@Timeout(400)
class StoredBeforeShownTest {
  private final HeldTelemetryStore store = new HeldTelemetryStore();

  private TelemetryIngest ingest(FeedServer server) {
    return store.ingest(server.loop().context(), Topic.of(server.vertx, "telemetry"));
  }

  private static void accept(TelemetryIngest ingest, String... devices) {
    answer(
        Future.<Void>future(
            done ->
                ingest
                    .context()
                    .runOnContext(
                        turn -> {
                          for (String device : devices) {
                            Reading reading = new Reading("n", 1_000, new Value.Num(1));
                            TelemetryMessage message =
                                new TelemetryMessage(device, List.of(reading));
                            ingest.accept(message, new SilentSender(), 1);
                          }
                          done.complete();
                        })));
  }

  private static String device(TestEventSource stream) {
    return stream.more().data().path("device").asText();
  }

  @Test
  void a_reading_is_shown_when_it_is_stored_and_a_refused_one_never(@TempDir Path directory)
      throws Exception {
    try (FeedServer server = new FeedServer(directory, FeedServer.SETTINGS);
        TestEventSource stream = server.stream("topics=telemetry")) {
      stream.place();
      TelemetryIngest ingest = ingest(server);
      accept(ingest, "first", "refused", "last");
      await().until(() -> store.batches.size() == 1);
      server.publish("meanwhile", 1);
      assertThat(device(stream)).isEqualTo("meanwhile");

      store.storeInPart(0, null, new Refusal(ErrorCode.UNAVAILABLE, "full"), null);

      assertThat(device(stream)).isEqualTo("first");
      assertThat(device(stream)).isEqualTo("last");
      server.publish("end", 1);
      assertThat(device(stream)).isEqualTo("end");
    }
  }
}
