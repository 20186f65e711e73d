package io.signalbox.hub.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Subscriptions by label while the registry changes. */
@Timeout(400)
@SuppressWarnings("NullAway.Init") // set before each test
class LabelSubscriptionTest {
  private static final String GHENT = "topics=telemetry&label=site:ghent";

  @TempDir Path directory;
  private FeedServer server;

  @BeforeEach
  void start() {
    server = new FeedServer(directory, new FeedSettings(1_024, 64, 64, 30, 20_000));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private CompletableFuture<TestEventSource> open(String query) {
    return CompletableFuture.supplyAsync(() -> server.stream(query));
  }

  private void awaitPagesRead(int pages) {
    await().until(() -> server.lists.read() >= pages);
  }

  private static String device(TestEventSource source) {
    return source.more().data().path("device").asText();
  }

  @Test
  void a_device_that_gets_the_label_during_the_lookup_is_followed() {
    server.lists.hold();
    CompletableFuture<TestEventSource> opened = open(GHENT);
    awaitPagesRead(1);
    server.register("a", "site", "ghent");
    server.lists.release();
    try (TestEventSource source = opened.join()) {
      server.publish("a", 1);
      assertThat(device(source)).isEqualTo("a");
    }
  }

  @Test
  void a_device_that_loses_the_label_during_the_lookup_is_not_followed() {
    server.register("a", "site", "ghent");
    server.register("b", "site", "ghent");
    server.lists.hold();
    CompletableFuture<TestEventSource> opened = open(GHENT);
    awaitPagesRead(1);
    server.label("a", "site", "bruges");
    server.lists.release();
    try (TestEventSource source = opened.join()) {
      server.publish("a", 1);
      server.publish("b", 2);
      assertThat(device(source)).isEqualTo("b");
    }
  }

  @Test
  void devices_that_get_the_label_later_are_followed_and_the_registry_is_not_read_again() {
    server.register("a", "site", "ghent");
    try (TestEventSource source = server.stream(GHENT)) {
      int read = server.lists.read();
      // A further read would fail.
      server.lists.refuse(true);
      for (int i = 0; i < 500; i++) {
        server.register("later-" + i, "site", i == 499 ? "ghent" : "bruges");
      }
      server.label("later-7", "site", "ghent");
      server.publish("later-8", 1);
      server.publish("later-499", 2);
      server.publish("later-7", 3);
      assertThat(device(source)).isEqualTo("later-499");
      assertThat(device(source)).isEqualTo("later-7");
      assertThat(server.lists.read()).isEqualTo(read);
    }
  }

  @Test
  void a_lookup_that_fails_refuses_the_subscription_and_the_next_one_finds_all() {
    server.lists.refuse(true);
    try (TestEventSource refused = server.stream(GHENT)) {
      assertThat(refused.status()).isEqualTo(503);
    }
    server.register("a", "site", "ghent");
    server.lists.refuse(false);
    try (TestEventSource source = server.stream(GHENT)) {
      server.publish("a", 1);
      assertThat(device(source)).isEqualTo("a");
    }
  }

  @Test
  void the_changes_that_add_and_remove_the_label_are_both_sent() {
    server.register("a", "site", "ghent");
    server.register("b", "site", "ghent");
    try (TestEventSource source = server.stream("label=site:ghent")) {
      server.register("c", "site", "ghent");
      server.label("a", "site", "bruges");
      server.publish("a", 1);
      server.delete("b");
      server.publish("b", 2);
      server.label("a", "site", "ghent");
      server.publish("a", 3);
      assertThat(change(source)).isEqualTo("c created");
      assertThat(change(source)).isEqualTo("a updated");
      assertThat(change(source)).isEqualTo("b deleted");
      assertThat(change(source)).isEqualTo("a updated");
      assertThat(source.more().data().path("values").path("n").asInt()).isEqualTo(3);
    }
  }

  private static String change(TestEventSource source) {
    var event = source.more().data();
    return event.path("device").asText() + " " + event.path("change").asText();
  }

  @Test
  void a_device_list_limits_a_label_subscription() {
    try (TestEventSource source = server.stream(GHENT + "&device=b&device=c")) {
      server.register("a", "site", "ghent");
      server.register("b", "site", "ghent");
      server.register("c", "site", "bruges");
      for (String device : new String[] {"a", "c", "b"}) {
        server.publish(device, 1);
      }
      assertThat(device(source)).isEqualTo("b");
    }
  }

  @Test
  void updates_with_a_rate_follow_the_labels_too() {
    try (TestEventSource source = server.stream(GHENT + "&rate=1000")) {
      server.register("a", "site", "ghent");
      server.publish("a", 1);
      assertThat(device(source)).isEqualTo("a");
    }
  }

  @Test
  void a_lookup_slower_than_the_feed_is_repeated() {
    server.lists.hold();
    CompletableFuture<TestEventSource> opened = open(GHENT);
    awaitPagesRead(1);
    server.register("a", "site", "ghent");
    outrun();
    server.lists.release();
    try (TestEventSource source = opened.join()) {
      server.publish("a", 1);
      assertThat(device(source)).isEqualTo("a");
      assertThat(server.lists.read()).isEqualTo(2);
    }
  }

  /** Appends more events than the feed keeps. */
  private void outrun() {
    FeedPosition end = server.feed.present().read().plus(1_100);
    for (int i = 0; i < 1_100; i++) {
      server.publish("noise", i);
    }
    await().until(() -> !end.isAfter(server.feed.present().read()));
  }

  @Test
  void a_lookup_always_slower_than_the_feed_is_refused() {
    server.lists.whenRead(this::outrun);
    try (TestEventSource refused = server.stream(GHENT)) {
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Retry-After")).isEqualTo("5");
    }
    assertThat(server.lists.read()).isEqualTo(3);
  }
}
