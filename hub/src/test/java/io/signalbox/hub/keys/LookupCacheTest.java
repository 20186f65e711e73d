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
  void a_cached_value_is_not_looked_up_again() {
    get("a");
    get("a");

    assertThat(lookedUp).containsExactly("a");
  }

  @Test
  void the_most_recently_used_entries_are_kept() {
    List.of("a", "b", "a", "c", "a", "b").forEach(this::get);

    assertThat(lookedUp).containsExactly("a", "b", "c", "b");
  }

  @Test
  void failures_are_not_cached() {
    Future<String> failed = recent.get("a", key -> Future.failedFuture("no"));

    assertThat(failed.failed()).isTrue();
    assertThat(get("a")).isEqualTo("A");
  }

  @Test
  void a_value_invalidated_during_its_lookup_is_not_cached() {
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
