package io.signalbox.hub.store.redis.fleet;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.TwinStore.Change;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Event.DeviceChanged;
import io.signalbox.hub.model.Event.TwinChanged;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisLink;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events of twins and descriptions, which are stored in the same step as the change. */
class RedisFleetEventsTest {
  private final RedisFleet fleet = new RedisFleet();
  private final FleetStores stores = fleet.stores();
  private final RedisLink link = fleet.link();
  private final EventStreams streams = fleet.streams();

  @BeforeEach
  void register() {
    stores.insert("a");
    answer(link.send(Request.cmd(Command.DEL).arg(streams.of("a"))));
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void each_revision_of_a_twin_is_one_event() {
    Twin first = twin(1, "{\"x\":1}");
    revise(twin -> first);
    Twin second = twin(2, "{}");
    revise(twin -> second);

    assertThat(published())
        .containsExactly(text(new TwinChanged("a", first)), text(new TwinChanged("a", second)));
  }

  @Test
  void a_revision_without_change_or_with_a_refusal_is_no_event() {
    revise(twin -> twin);
    refusal(
        stores
            .twins()
            .revise(
                "a",
                twin -> {
                  throw new Refusal(ErrorCode.PRECONDITION_FAILED, "no");
                },
                "me",
                1,
                ignored -> {}));

    assertThat(published()).isEmpty();
  }

  @Test
  void a_new_description_is_an_event_and_a_repeated_one_is_none() {
    RedisDescriptionStore descriptions = fleet.descriptions();
    answer(descriptions.put("a", "{\"serial\":\"1\"}", 7, ignored -> {}));
    answer(descriptions.put("a", "{\"serial\":\"1\"}", 8, ignored -> {}));

    assertThat(published())
        .containsExactly(text(new DeviceChanged("a", Event.Change.DESCRIBED, Map.of())));
  }

  private void revise(Change change) {
    answer(stores.twins().revise("a", change, "me", 1, ignored -> {}));
  }

  private static Twin twin(long version, String state) {
    return new Twin(new Twin.Side(version, state), Twin.Side.EMPTY);
  }

  private String text(Event event) {
    return new String(streams.encode(List.of(event)), StandardCharsets.UTF_8);
  }

  /** Field {@code e} of each entry. */
  private List<String> published() {
    List<String> events = new ArrayList<>();
    answer(link.send(Request.cmd(Command.XRANGE).arg(streams.of("a")).arg("-").arg("+")))
        .forEach(entry -> events.add(entry.get(1).get(3).toString()));
    return events;
  }
}
