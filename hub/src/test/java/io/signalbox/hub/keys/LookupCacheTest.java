package io.signalbox.hub.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class LookupCacheTest {
  private final LookupCache<String, String> recent = new LookupCache<>(2);
  private final List<String> lookedUp = new ArrayList<>();

  @Test
  void what_was_looked_up_is_not_looked_up_again() {
    get("a");
    get("a");

    assertThat(lookedUp).containsExactly("a");
  }

  @Test
  void it_keeps_what_was_asked_for_last() {
    List.of("a", "b", "a", "c", "a", "b").forEach(this::get);

    assertThat(lookedUp).containsExactly("a", "b", "c", "b");
  }

  @Test
  void what_fails_is_not_remembered() {
    Future<String> failed = recent.get("a", key -> Future.failedFuture("no"));

    assertThat(failed.failed()).isTrue();
    assertThat(get("a")).isEqualTo("A");
  }

  @Test
  void an_answer_that_was_under_way_when_it_became_stale_is_not_remembered() {
    Promise<String> slow = Promise.promise();
    Future<String> lookups = recent.get("a", key -> slow.future());

    recent.forget("old"::equals);
    slow.complete("old");

    assertThat(lookups.result()).isEqualTo("old");
    assertThat(get("a")).isEqualTo("A");
  }

  private String get(String key) {
    return recent.get(key, this::lookUp).result();
  }

  private Future<String> lookUp(String key) {
    lookedUp.add(key);
    return Future.succeededFuture(key.toUpperCase(Locale.ROOT));
  }
}
