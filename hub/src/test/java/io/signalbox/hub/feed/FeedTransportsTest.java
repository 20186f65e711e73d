package io.signalbox.hub.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import io.signalbox.testsupport.UpgradeStrippingProxy;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients follow the feed on each transport while connections, consumers and the hub are ended at
 * random: each client gets every event once, or a {@code reset}.
 */
@Timeout(400)
@SuppressWarnings("NullAway.Init") // set before each test
class FeedTransportsTest {
  private static final int OF_EACH_KIND = 3;
  private static final int BETWEEN = 40;
  private static final String DEVICE = "metronome";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<FeedConsumer> consumers = new ArrayList<>();
  @StartHub private RunningHub hub;
  private UpgradeStrippingProxy proxy;
  private RawWebSocket sender;
  private String key = "";
  private long seq;
  private int sent;

  @AfterEach
  void disconnectAll() throws InterruptedException {
    for (FeedConsumer consumer : consumers) {
      consumer.disconnectAll();
    }
    sender.close();
    proxy.close();
  }

  /** Failures that can occur. */
  private enum Mishap {
    CUT,
    AWAY,
    CONSUMER_CRASH,
    RESTART
  }

  @ParameterizedTest
  @ValueSource(longs = {20261122, 4})
  void a_follower_gets_every_event_or_a_reset(long seed) {
    proxy = UpgradeStrippingProxy.before("http://127.0.0.1:" + hub.port());
    proxy.letUpgradesPass(true);
    key = hub.register(DEVICE);
    connect();
    int front = Integer.parseInt(proxy.url().replaceAll(".*:", ""));
    for (FeedConsumer.Transport delivery : FeedConsumer.Transport.values()) {
      consumers.add(new FeedConsumer(delivery, front, http).start());
    }
    consumers.forEach(consumer -> await(consumer + " has a position").until(consumer::isPlaced));
    Random random = new Random(seed);
    for (Mishap mishap : mishaps(random)) {
      send(random.nextInt(BETWEEN) + 1);
      cause(mishap, random);
      send(random.nextInt(BETWEEN) + 1);
    }
    int afterAll = sent;
    // A client with a reset continues at the present, which may be after all events so far.
    await("all have caught up").until(() -> everybodyIsBeyond(afterAll));
    consumers.forEach(
        consumer -> await(consumer + " sees the last").until(() -> consumer.last() == sent));
    for (FeedConsumer consumer : consumers) {
      assertThat(consumer.faults()).as(consumer.toString()).isEmpty();
      assertThat(consumer.resets()).as(consumer.toString()).isBetween(1, OF_EACH_KIND);
    }
  }

  private boolean everybodyIsBeyond(int reading) {
    send(1);
    return consumers.stream().allMatch(consumer -> consumer.last() > reading);
  }

  private static List<Mishap> mishaps(Random random) {
    List<Mishap> mishaps = new ArrayList<>();
    for (int i = 0; i < OF_EACH_KIND; i++) {
      mishaps.addAll(List.of(Mishap.values()));
    }
    Collections.shuffle(mishaps, random);
    return mishaps;
  }

  private void cause(Mishap mishap, Random random) {
    switch (mishap) {
      case CUT -> proxy.cut();
      case AWAY -> {
        proxy.stop();
        send(random.nextInt(BETWEEN));
        proxy.restart();
      }
      case CONSUMER_CRASH -> consumers.get(random.nextInt(consumers.size())).restart();
      case RESTART -> restart();
    }
  }

  private void connect() {
    sender = hub.device(key);
    sender.nextMessage();
    seq = 0;
  }

  /** Sends numbered readings; returns when they are acknowledged. */
  private void send(int readings) {
    for (int i = 0; i < readings; i++) {
      seq++;
      sent++;
      sender.text("{\"type\":\"telemetry\",\"seq\":" + seq + ",\"values\":{\"n\":" + sent + "}}");
    }
    long acked = 0;
    while (readings > 0 && acked < seq) {
      JsonNode frame = RunningHub.json(sender.nextMessage());
      acked = frame.path("type").asText().equals("ack") ? frame.path("seq").asLong() : acked;
    }
  }

  private void restart() {
    sender.close();
    hub.restart();
    connect();
  }
}
