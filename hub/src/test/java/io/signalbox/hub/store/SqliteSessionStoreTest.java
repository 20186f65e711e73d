package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.SessionStore;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.sqlite.SqliteFleet;
import io.signalbox.hub.store.sqlite.fleet.SqliteSessionStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class SqliteSessionStoreTest extends SessionStoreContract {
  @TempDir Path directory;
  private SqliteFleet fleet;

  @Override
  protected FleetStores empty() {
    fleet = new SqliteFleet(directory);
    return fleet.stores();
  }

  @Override
  protected FleetStores another() {
    return fleet.stores();
  }

  @Override
  protected FleetStores reopened() {
    return fleet.reopened().stores();
  }

  @Test
  void the_only_node_of_a_file_recovers_the_sessions_that_it_opened_under_another_name() {
    SessionStore before = SqliteSessionStore.ofOnlyNode(fleet.database());
    answer(before.claim("a", "north", Transport.WEBSOCKET, "::1", 5));

    SessionStore renamed = SqliteSessionStore.ofOnlyNode(fleet.database());

    assertThat(answer(renamed.recover("south", 9, SessionEnd.Cause.HUB_RESTARTED)).get("a"))
        .satisfies(
            kept -> assertThat(kept.node()).isEqualTo("south"),
            kept -> assertThat(kept.presence().end()).isEqualTo(SessionEnd.Cause.HUB_RESTARTED));
  }

  @AfterEach
  void close() {
    fleet.close();
  }
}
