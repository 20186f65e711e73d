package io.signalbox.hub.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class LookupCacheTest {
  private static final int CAPACITY = 100;

  private final ManualClock clock = new ManualClock(0);
  private final LookupCache<String, String> cache = new LookupCache<>(CAPACITY, clock);
  private final List<String> lookedUp = new ArrayList<>();

  @Test
  void a_cached_value_is_not_looked_up_again() {
    get("a");
    get("a");

    assertThat(lookedUp).containsExactly("a");
  }

  @Test
  void a_value_is_looked_up_again_at_its_greatest_age_however_often_it_is_used() {
    long age = LookupCache.MAX_AGE.toMillis();
    get("a");
    clock.advance(age - 1);
    get("a");
    assertThat(lookedUp).containsExactly("a");

    clock.advance(1);
    assertThat(cache.present("a")).isNull();
    get("a");
    assertThat(lookedUp).containsExactly("a", "a");
  }

  @Test
  void a_weighed_value_has_its_greatest_age_after_its_lookup() {
    LookupCache<String, String> weighed = new LookupCache<>(CAPACITY, String::length, clock);
    Promise<String> slow = Promise.promise();
    weighed.get("a", key -> slow.future());
    clock.advance(LookupCache.MAX_AGE.toMillis() - 1);
    slow.complete("A");
    clock.advance(1);
    assertThat(weighed.present("a")).isEqualTo("A");

    clock.advance(LookupCache.MAX_AGE.toMillis());
    assertThat(weighed.present("a")).isNull();
  }

  @Test
  void a_full_cache_keeps_what_is_used_often_and_evicts_the_rest() {
    for (int key = 0; key < 10 * CAPACITY; key++) {
      get("often");
      get("once-" + key);
    }
    assertThat(Collections.frequency(lookedUp, "often")).isEqualTo(1);

    assertThat(cache.forget(value -> true)).hasSizeLessThanOrEqualTo(CAPACITY);
  }

  @Test
  void values_count_by_their_weight_once_they_are_known() {
    LookupCache<String, String> weighed = new LookupCache<>(CAPACITY, String::length, clock);
    String heavy = "x".repeat(CAPACITY / 4);
    for (int key = 0; key < 3 * CAPACITY; key++) {
      weighed.get("heavy-" + key, name -> Future.succeededFuture(heavy));
    }
    assertThat(weighed.forget(value -> true)).hasSizeBetween(1, 4);

    Promise<String> late = Promise.promise();
    weighed.get("late", name -> late.future());
    weighed.get("light", name -> Future.succeededFuture("y"));
    late.complete("z".repeat(2 * CAPACITY));
    assertThat(weighed.forget(value -> true)).containsOnly("light");
  }

  @Test
  void a_present_value_is_seen_without_a_lookup() {
    Promise<String> running = Promise.promise();
    cache.get("a", key -> running.future());
    assertThat(cache.present("a")).isNull();

    running.complete("A");
    assertThat(cache.present("a")).isEqualTo("A");
    assertThat(cache.present("b")).isNull();
  }

  @Test
  void failures_are_not_cached() {
    Future<String> failed = cache.get("a", key -> Future.failedFuture("no"));

    assertThat(failed.failed()).isTrue();
    assertThat(get("a")).isEqualTo("A");
  }

  @Test
  void a_lookup_that_throws_fails_and_is_not_cached() {
    Future<String> failed =
        cache.get(
            "a",
            key -> {
              throw new IllegalStateException("no");
            });

    assertThat(failed.cause()).hasMessage("no");
    assertThat(get("a")).isEqualTo("A");
  }

  @Test
  void concurrent_lookups_of_a_key_share_one_result() {
    Promise<String> slow = Promise.promise();
    Future<String> first = cache.get("a", key -> slow.future());
    Future<String> second = cache.get("a", this::lookUp);

    slow.complete("slow");

    assertThat(List.of(first.result(), second.result())).containsOnly("slow");
    assertThat(lookedUp).isEmpty();
  }

  @Test
  void a_caller_that_retries_on_failure_starts_a_new_lookup() {
    Promise<String> slow = Promise.promise();
    Future<String> retried =
        cache.get("a", key -> slow.future()).recover(failed -> cache.get("a", this::lookUp));

    slow.fail("no");

    assertThat(retried.result()).isEqualTo("A");
  }

  @Test
  void forget_removes_matching_values_and_returns_their_keys() {
    List.of("a", "b", "c").forEach(this::get);

    assertThat(cache.forget("B"::equals)).containsExactly("b");

    lookedUp.clear();
    List.of("a", "b", "c").forEach(this::get);
    assertThat(lookedUp).containsExactly("b");
  }

  @Test
  void a_value_invalidated_during_its_lookup_is_not_cached() {
    Promise<String> slow = Promise.promise();
    Future<String> before = cache.get("a", key -> slow.future());

    assertThat(cache.forget("old"::equals)).isEmpty();
    assertThat(get("a")).isEqualTo("A");
    slow.complete("old");

    assertThat(before.result()).isEqualTo("old");
    assertThat(get("a")).isEqualTo("A");
  }

  private String get(String key) {
    return cache.get(key, this::lookUp).result();
  }

  private Future<String> lookUp(String key) {
    lookedUp.add(key);
    return Future.succeededFuture(key.toUpperCase(Locale.ROOT));
  }
}
