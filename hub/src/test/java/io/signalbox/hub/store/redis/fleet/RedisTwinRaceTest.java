package io.signalbox.hub.store.redis.fleet;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.TwinStore;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.store.redis.RedisLink;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What happens between the two steps of a revision. The change of a revision runs between them, and
 * what it sends on the same link is executed before the second one.
 */
class RedisTwinRaceTest {
  private static final String OTHER = "{\"of\":\"another\"}";

  private final RedisFleet fleet = new RedisFleet();
  private final RedisLink link = fleet.link();
  private final TwinStore twins = new RedisTwinStore(link, fleet.keys(), fleet.streams(), 5);
  private final List<Twin> seen = new ArrayList<>();

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void a_twin_of_the_same_version_of_a_later_device_is_read_again() {
    register(1_000);
    put("{}");
    Twin after =
        revised(
            () -> {
              register(2_000);
              put(OTHER);
            });

    assertThat(seen).extracting(twin -> twin.desired().state()).containsExactly("{}", OTHER);
    assertThat(after.desired()).isEqualTo(new Twin.Side(2, OTHER));
  }

  @Test
  void a_twin_that_another_node_has_revised_is_read_again() {
    register(1_000);
    Twin after = revised(() -> put(OTHER));

    assertThat(seen).extracting(twin -> twin.desired().version()).containsExactly(0L, 1L);
    assertThat(after.desired()).isEqualTo(new Twin.Side(2, OTHER));
  }

  @Test
  void a_device_that_was_deleted_is_unknown() {
    register(1_000);
    Runnable deletion = () -> link.send(Request.cmd(Command.DEL).arg(key("device")));

    assertThat(
            refusal(twins.revise("a", twin -> next(twin, deletion), "me", 1, ignored -> {})).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    register(2_000);
    assertThat(answer(twins.find("a"))).isEqualTo(Twin.EMPTY);
  }

  private Twin revised(Runnable meanwhile) {
    return answer(twins.revise("a", twin -> next(twin, meanwhile), "me", 1, ignored -> {})).after();
  }

  /** The next version; what happens meanwhile happens once. */
  private Twin next(Twin twin, Runnable meanwhile) {
    if (seen.isEmpty()) {
      meanwhile.run();
    }
    seen.add(twin);
    Twin.Side desired = twin.desired();
    return new Twin(new Twin.Side(desired.version() + 1, desired.state()), twin.reported());
  }

  private void register(long created) {
    link.send(Request.cmd(Command.HSET).arg(key("device")).arg("c").arg(created));
  }

  private void put(String state) {
    Twin twin = new Twin(new Twin.Side(1, state), Twin.Side.EMPTY);
    link.send(Request.cmd(Command.SET).arg(key("twin")).arg(TwinText.of(twin)));
  }

  private String key(String kind) {
    return fleet.keys().of("a", kind);
  }
}
