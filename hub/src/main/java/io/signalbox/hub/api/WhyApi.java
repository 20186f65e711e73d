package io.signalbox.hub.api;

import io.signalbox.hub.http.Answer;
import io.signalbox.hub.http.Query;
import io.signalbox.hub.recorder.Note;
import io.signalbox.hub.why.Explanation;
import io.signalbox.hub.why.Why;
import io.signalbox.hub.wire.ApiJson;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.Set;

/** What happened to a device, and why it and its commands are where they are. */
final class WhyApi {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;

  private final Why why;

  WhyApi(Rooms rooms) {
    this.why = rooms.why();
  }

  /** Newest first. */
  Future<Answer> recorder(Call call) {
    Query query = call.query();
    Set<Note.Kind> kinds = EnumSet.noneOf(Note.Kind.class);
    kinds.addAll(query.some("kind", Note.Kind.class));
    int limit = query.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    return why.chronicle()
        .page(call.path("id"), kinds, query.text("cursor"), limit)
        .map(page -> Answer.ok(ApiJson.page(page, WhyJson::note)));
  }

  Future<Answer> device(Call call) {
    return why.device(call.path("id")).map(WhyApi::explain);
  }

  Future<Answer> command(Call call) {
    return why.command(call.path("id")).map(WhyApi::explain);
  }

  private static Answer explain(Explanation explanation) {
    return Answer.ok(WhyJson.explanation(explanation));
  }
}
