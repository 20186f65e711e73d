package io.signalbox.hub.api;

import io.signalbox.hub.diagnostics.Diagnostics;
import io.signalbox.hub.diagnostics.Explanation;
import io.signalbox.hub.http.QueryParams;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.wire.ApiJson;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.Set;

/** REST endpoints of diagnostics: the flight recorder, and explanations of devices and commands. */
final class DiagnosticsApi {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;

  private final Diagnostics why;

  DiagnosticsApi(ApiServices services) {
    this.why = services.why();
  }

  /** The entries of a device's flight recorder, newest first. */
  Future<Response> recorder(ApiRequest call) {
    QueryParams query = call.query();
    Set<RecorderEntry.Kind> kinds = EnumSet.noneOf(RecorderEntry.Kind.class);
    kinds.addAll(query.some("kind", RecorderEntry.Kind.class));
    int limit = query.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    return why.timeline()
        .page(call.path("id"), kinds, query.text("cursor"), limit)
        .map(page -> Response.ok(ApiJson.page(page, DiagnosticsJson::note)));
  }

  Future<Response> device(ApiRequest call) {
    return why.device(call.path("id")).map(DiagnosticsApi::explain);
  }

  Future<Response> command(ApiRequest call) {
    return why.command(call.path("id")).map(DiagnosticsApi::explain);
  }

  private static Response explain(Explanation explanation) {
    return Response.ok(DiagnosticsJson.explanation(explanation));
  }
}
