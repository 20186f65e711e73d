package io.signalbox.hub.access;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.keys.LookupCache;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.store.sqlite.SqliteFleet;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway.Init") // set before each test
class AccessTest {
  private static final String OWN_KEY = "an-admin-key-of-my-own-choice";
  private static final long HOUR = 3_600_000;
  private static final long YEARS = 20_000L * 24 * HOUR;

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock(1_000_000);
  private final Vertx vertx = Vertx.vertx();
  private final Topic<ApiKeyChanged> changes = Topic.of(vertx, "api-keys");
  private SqliteFleet store;
  private AccessControl access;

  @BeforeEach
  void open() {
    store = new SqliteFleet(directory);
    access = new AccessControl(store.keys(), changes, clock);
  }

  @AfterEach
  void close() {
    store.close();
    answer(vertx.close());
  }

  @Test
  void the_first_start_generates_a_key_and_shows_it_once() {
    String key = ((AdminBootstrap.Generated) answer(access.bootstrap(null))).key();

    assertThat(key).matches("sbk_[A-Za-z0-9_-]{43}");
    assertThat(answer(access.authenticate(key)).may(Scope.COMMANDS_WRITE)).isTrue();
    restart();
    assertThat(answer(access.bootstrap(null))).isEqualTo(new AdminBootstrap.Existing());
    assertThat(answer(access.authenticate(key)).name()).isEqualTo("admin");
  }

  @Test
  void of_two_nodes_that_start_at_the_same_moment_one_shows_a_key() {
    AccessControl other = new AccessControl(store.keys(), changes, clock);
    List<Future<AdminBootstrap>> starts = List.of(access.bootstrap(null), other.bootstrap(null));

    List<AdminBootstrap> shown =
        starts.stream()
            .map(Results::answer)
            .filter(start -> start instanceof AdminBootstrap.Generated)
            .toList();
    assertThat(shown).hasSize(1);
    assertThat(answer(access.keys())).hasSize(1);
    String key = ((AdminBootstrap.Generated) shown.getFirst()).key();
    assertThat(answer(access.authenticate(key)).may(Scope.ADMIN)).isTrue();
    assertThat(answer(other.authenticate(key)).may(Scope.ADMIN)).isTrue();
  }

  @Test
  void the_configured_key_replaces_the_previous_one() {
    String other = OWN_KEY + "-2";
    assertThat(answer(access.bootstrap(OWN_KEY))).isEqualTo(new AdminBootstrap.Configured());
    restart();
    answer(access.bootstrap(OWN_KEY));
    assertThat(answer(access.keys())).hasSize(1);
    restart();
    answer(access.bootstrap(other));

    assertThat(refusal(access.authenticate(OWN_KEY)).kind()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(answer(access.authenticate(other)).may(Scope.ADMIN)).isTrue();
  }

  @Test
  void a_short_admin_key_is_refused() {
    assertThat(refusal(access.bootstrap("short")).field()).isEqualTo("SIGNALBOX_ADMIN_KEY");
  }

  @Test
  void a_key_allows_its_scopes_and_no_more() {
    answer(access.bootstrap(OWN_KEY));
    IssuedApiKey made = answer(access.createKey("viewer", Set.of(Scope.DEVICES_READ), "admin"));

    Principal client = answer(access.authenticate(made.key()));

    assertThat(client.may(Scope.DEVICES_READ)).isTrue();
    assertThat(client.may(Scope.DEVICES_WRITE)).isFalse();
    assertThat(made.entry().createdBy()).isEqualTo("admin");
    assertThat(answer(access.keys()))
        .extracting(ApiKey::name)
        .containsExactlyInAnyOrder("admin", "viewer");
  }

  @Test
  void a_key_needs_a_name_and_a_scope() {
    answer(access.bootstrap(OWN_KEY));

    assertThat(refusal(access.createKey(" ", Set.of(Scope.ADMIN), "a")).field()).isEqualTo("name");
    assertThat(refusal(access.createKey("x".repeat(129), Set.of(Scope.ADMIN), "a")).field())
        .isEqualTo("name");
    assertThat(refusal(access.createKey("a", Set.of(), "a")).field()).isEqualTo("scopes");
  }

  @Test
  void a_deleted_key_and_its_sessions_end_at_once() {
    answer(access.bootstrap(OWN_KEY));
    IssuedApiKey made = answer(access.createKey("viewer", Set.of(Scope.DEVICES_READ), "admin"));
    LoginSession session = access.openSession(answer(access.authenticate(made.key())));
    assertThat(answer(access.session(session.token())).name()).isEqualTo("viewer");

    answer(access.deleteKey(made.entry().id(), "admin"));

    assertThat(refusal(access.authenticate(made.key())).kind())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(refusal(access.session(session.token())).kind())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void a_key_that_another_node_deletes_ends_at_once() {
    answer(access.bootstrap(OWN_KEY));
    AccessControl other = new AccessControl(store.keys(), changes, clock);
    answer(other.bootstrap(OWN_KEY));
    IssuedApiKey made = answer(access.createKey("viewer", Set.of(Scope.DEVICES_READ), "admin"));
    LoginSession session = other.openSession(answer(other.authenticate(made.key())));
    answer(other.session(session.token()));

    answer(access.deleteKey(made.entry().id(), "admin"));

    assertThat(refusal(other.authenticate(made.key())).kind()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(refusal(other.session(session.token())).kind()).isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void a_configured_key_replaces_the_one_that_another_node_remembers() {
    answer(access.bootstrap(OWN_KEY));
    answer(access.authenticate(OWN_KEY));

    answer(new AccessControl(store.keys(), changes, clock).bootstrap(OWN_KEY + "-2"));

    assertThat(refusal(access.authenticate(OWN_KEY)).kind()).isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void a_deleted_key_ends_after_a_while_if_no_message_comes() {
    answer(access.bootstrap(OWN_KEY));
    IssuedApiKey made = answer(access.createKey("viewer", Set.of(Scope.DEVICES_READ), "admin"));
    answer(access.authenticate(made.key()));
    answer(store.keys().delete(made.entry().id()));
    answer(access.authenticate(made.key()));

    clock.advance(LookupCache.MAX_AGE.toMillis());

    assertThat(refusal(access.authenticate(made.key())).kind())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void the_last_admin_key_cannot_be_deleted() {
    answer(access.bootstrap(OWN_KEY));

    assertThat(refusal(access.deleteKey("admin", "admin")).kind()).isEqualTo(ErrorCode.CONFLICT);
    assertThat(refusal(access.deleteKey("nothing", "admin")).kind()).isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void a_session_lasts_twelve_hours_and_outlives_a_restart() {
    answer(access.bootstrap(OWN_KEY));
    LoginSession session = access.openSession(answer(access.authenticate(OWN_KEY)));
    restart();
    answer(access.bootstrap(OWN_KEY));

    clock.addAndGet(12 * HOUR - 1);
    assertThat(answer(access.session(session.token())).keyId()).isEqualTo("admin");
    clock.addAndGet(1);
    assertThat(session.expires()).isEqualTo(clock.get());
    assertThat(refusal(access.session(session.token())).kind())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  private LoginSession signIn() {
    answer(access.bootstrap(OWN_KEY));
    return access.openSession(answer(access.authenticate(OWN_KEY)));
  }

  private void assertEnded(LoginSession session) {
    assertThat(refusal(access.session(session.token())).kind())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, HOUR, -YEARS, YEARS, -2_000, 2_000})
  void a_session_lasts_twelve_hours_within_a_run_however_the_wall_clock_is_set(long step) {
    LoginSession session = signIn();
    clock.advance(HOUR);
    clock.stepWall(step);
    clock.advance(11 * HOUR - 1);
    assertThat(answer(access.session(session.token())).keyId()).isEqualTo("admin");
    assertThat(access.expiry(session.token())).isEqualTo(clock.get() + 1);

    clock.advance(1);

    assertEnded(session);
    clock.stepWall(-step - 2 * HOUR);
    assertEnded(session);
  }

  @Test
  void a_session_of_an_earlier_run_ends_by_the_wall_clock() {
    LoginSession session = signIn();
    restart();
    answer(access.bootstrap(OWN_KEY));
    clock.stepWall(11 * HOUR);
    assertThat(answer(access.session(session.token())).keyId()).isEqualTo("admin");
    assertThat(access.expiry(session.token())).isEqualTo(session.expires());

    clock.stepWall(HOUR);

    assertEnded(session);
  }

  @Test
  void a_session_of_an_earlier_run_that_begins_in_the_future_is_refused() {
    LoginSession session = signIn();
    clock.stepWall(-YEARS);
    restart();
    answer(access.bootstrap(OWN_KEY));

    assertThat(refusal(access.session(session.token())).getMessage()).contains("in the future");

    clock.stepWall(YEARS);
    assertThat(answer(access.session(session.token())).keyId()).isEqualTo("admin");
  }

  @Test
  void a_session_that_an_earlier_version_has_signed_ends_by_the_wall_clock() throws Exception {
    byte[] secret = {1};
    String claim = "admin." + (clock.get() + HOUR);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    byte[] signature = mac.doFinal(claim.getBytes(StandardCharsets.UTF_8));
    String token = claim + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    SessionTokenSigner tokens = new SessionTokenSigner(secret, clock);
    assertThat(tokens.keyIdOf(token)).isEqualTo("admin");
    assertThat(tokens.expiryOf(token)).isEqualTo(clock.get() + HOUR);

    clock.stepWall(HOUR);

    assertThatThrownBy(() -> tokens.keyIdOf(token)).hasMessageContaining("has expired");
  }

  @Test
  void a_forged_session_is_refused() {
    answer(access.bootstrap(OWN_KEY));
    String token = access.openSession(answer(access.authenticate(OWN_KEY))).token();
    String[] parts = token.split("\\.", -1);
    parts[3] = String.valueOf(Long.parseLong(parts[3]) + HOUR);
    String longer = String.join(".", parts);
    String mine = new SessionTokenSigner(new byte[] {1}, clock).sign("admin").token();

    for (String forged : Set.of(longer, mine, "", ".", "..", "a.b", token + "x", parts[0])) {
      assertThat(refusal(access.session(forged)).kind()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }
  }

  @Test
  void the_last_use_of_a_key_is_stored_to_the_minute() {
    answer(access.bootstrap(OWN_KEY));
    clock.set(2_000_000);
    answer(access.authenticate(OWN_KEY));
    clock.set(2_030_000);
    answer(access.authenticate(OWN_KEY));
    answer(store.database().write(sql -> true)); // waits for all queued writes

    assertThat(answer(access.keys()).getFirst().lastUsed()).isEqualTo(2_000_000);
  }

  private void restart() {
    access = new AccessControl(store.reopened().keys(), changes, clock);
  }
}
