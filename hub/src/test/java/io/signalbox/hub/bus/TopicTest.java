package io.signalbox.hub.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TopicTest {
  @AutoClose private final Vertx vertx = Vertx.vertx();

  @Test
  void subscribers_get_the_values_of_a_publisher_in_order_on_their_thread() {
    Topic<Integer> topic = Topic.of(vertx, "numbers");
    List<Integer> values = new CopyOnWriteArrayList<>();
    List<Thread> threads = new CopyOnWriteArrayList<>();
    Context own = vertx.getOrCreateContext();
    List<Thread> ready = new CopyOnWriteArrayList<>();
    own.runOnContext(
        started -> {
          topic.subscribe(
              value -> {
                values.add(value);
                threads.add(Thread.currentThread());
              });
          ready.add(Thread.currentThread());
        });
    await().until(() -> !ready.isEmpty());

    IntStream.range(0, 100).forEach(topic::publish);

    await().until(() -> values.size() == 100);
    assertThat(values).isSorted();
    assertThat(threads).containsOnly(ready.getFirst());
  }

  @Test
  void values_pass_the_event_bus_at_the_address_of_the_topic() {
    List<Object> bodies = new CopyOnWriteArrayList<>();
    Topic<String> topic = Topic.of(vertx, "words");
    vertx.eventBus().localConsumer("signalbox.words", message -> bodies.add(message.body()));
    String value = "by reference";

    topic.publish(value);

    await().until(() -> bodies.size() == 1);
    assertThat(bodies.getFirst()).isSameAs(value);
  }

  @Test
  void a_listener_that_fails_keeps_nothing_from_the_others() {
    List<String> heard = new CopyOnWriteArrayList<>();
    Topic<String> topic = Topic.of(vertx, "words");
    topic.listen(
        value -> {
          throw new IllegalStateException("failed on purpose");
        });
    topic.listen(heard::add);

    topic.publish("one");

    assertThat(heard).containsExactly("one");
  }
}
