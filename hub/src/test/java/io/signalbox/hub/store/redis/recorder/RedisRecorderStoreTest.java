package io.signalbox.hub.store.redis.recorder;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.signalbox.hub.model.Transport;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.ConnectionInfo;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import io.signalbox.hub.recorder.RecorderStore;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.RecorderStoreContract;
import io.signalbox.hub.store.redis.EventStreams;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisTest;
import io.signalbox.hub.store.redis.fleet.RedisDeviceStore;
import io.signalbox.hub.store.redis.fleet.RedisSessionStore;
import io.signalbox.hub.store.redis.fleet.RedisTwinStore;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisRecorderStoreTest extends RecorderStoreContract {
  private final RedisTest redis = new RedisTest();

  @Override
  protected FleetStores fleet() {
    RedisLink link = redis.link();
    EventStreams streams = redis.streams("north");
    return new FleetStores(
        new RedisDeviceStore(link, redis.keys(), streams),
        new RedisSessionStore(link, redis.keys()),
        new RedisTwinStore(link, redis.keys(), streams, 100));
  }

  @Override
  protected RecorderStore open() {
    return second();
  }

  @Override
  protected RecorderStore second() {
    return new RedisRecorderStore(redis.link(), redis.keys(), KEEP);
  }

  @Test
  void entries_of_many_partitions_are_each_stored_or_merged() {
    String[] devices = IntStream.range(0, 40).mapToObj(i -> "device-" + i).toArray(String[]::new);
    fleet().insert(devices);
    RecorderStore store = second();
    List<RecorderEntry> entries =
        IntStream.range(0, 400)
            .mapToObj(i -> entry(devices[i % 40], 1_000 + i, "code " + i % 80 / 40))
            .toList();
    answer(store.append(entries));

    for (String device : devices) {
      assertThat(answer(store.notes(device)))
          .extracting(RecorderEntry::times)
          .containsExactly(5, 5);
    }
    assertThat(answer(store.append(List.of()))).isNull();
  }

  @Test
  void codes_and_texts_may_have_any_character_and_merge_only_with_their_like() {
    RecorderStore store = second();
    List<String> codes = List.of("a", "a\",1,2,3", "a,", "", "%d+", "größe", "a\n", "a\\");
    answer(store.append(codes.stream().map(code -> entry("a", 1_000, code)).toList()));
    answer(store.append(codes.stream().map(code -> entry("a", 2_000, code)).toList()));

    assertThat(answer(store.notes("a")))
        .extracting(RecorderEntry::code, RecorderEntry::text, RecorderEntry::times)
        .containsExactlyInAnyOrderElementsOf(
            codes.stream().map(code -> tuple(code, "text of " + code, 2)).toList());
  }

  @Test
  void thirty_two_entries_of_a_device_take_less_than_six_kilobytes() {
    RecorderStore store = second();
    for (int i = 0; i < 32; i++) {
      answer(store.append(List.of(sessionEntry(i))));
    }
    String list = redis.keys().of("a", "recorder");
    Request usage = Request.cmd(Command.MEMORY).arg("USAGE").arg(list).arg("SAMPLES").arg(0);

    assertThat(answer(store.notes("a"))).hasSize(32);
    assertThat(answer(redis.link().send(usage)).toLong()).isLessThan(6_000);
  }

  @Test
  void an_entry_of_a_kind_that_only_a_newer_version_knows_is_not_shown() {
    RecorderStore store = second();
    answer(store.append(List.of(sessionEntry(1))));
    Request newer =
        Request.cmd(Command.LPUSH)
            .arg(redis.keys().of("a", "recorder"))
            .arg("[\"beamed\",\"up\",1000,0,1,\"text\",\"hub\"]");
    answer(redis.link().send(newer));
    answer(store.append(List.of(sessionEntry(2))));

    assertThat(answer(store.notes("a"))).containsExactly(sessionEntry(2), sessionEntry(1));
  }

  /** A start or an end of a session, which do not repeat each other. */
  private static RecorderEntry sessionEntry(int number) {
    boolean starts = number % 2 == 0;
    return RecorderEntry.once(
        "a",
        1_796_000_000_000L + 100_000L * number,
        starts ? Kind.CONNECTED : Kind.DISCONNECTED,
        starts ? "connected" : "lost",
        starts
            ? "connected by websocket, session " + number
            : "session " + number + " ended: the connection was lost without a closing handshake",
        new ConnectionInfo((long) number, Transport.WEBSOCKET, "10.0.0.7:5121"),
        "hub-1");
  }

  private static RecorderEntry entry(String device, long ts, String code) {
    return RecorderEntry.once(
        device, ts, Kind.MESSAGE, code, "text of " + code, ConnectionInfo.UNKNOWN, "hub");
  }

  @AfterEach
  void close() {
    redis.close();
  }
}
