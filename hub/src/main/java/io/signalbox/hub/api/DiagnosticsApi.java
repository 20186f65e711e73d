package io.signalbox.hub.api;

import io.signalbox.hub.diagnostics.Diagnostics;
import io.signalbox.hub.diagnostics.Explanation;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.wire.ApiJson;
import io.vertx.core.Future;
import java.util.Set;

/** REST endpoints of diagnostics: the flight recorder, and explanations of devices and commands. */
final class DiagnosticsApi {
  private final Diagnostics diagnostics;

  DiagnosticsApi(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** The entries of a device's flight recorder, newest first. */
  Future<Response> recorder(ApiRequest call) {
    Set<RecorderEntry.Kind> kinds = call.query().some("kind", RecorderEntry.Kind.class);
    int limit = call.pageLimit();
    return diagnostics
        .timeline()
        .page(call.path("id"), kinds, call.query().text("cursor"), limit)
        .map(page -> Response.ok(ApiJson.page(page, DiagnosticsJson::note)));
  }

  Future<Response> device(ApiRequest call) {
    return diagnostics.device(call.path("id")).map(DiagnosticsApi::explain);
  }

  Future<Response> command(ApiRequest call) {
    return diagnostics.command(call.path("id")).map(DiagnosticsApi::explain);
  }

  private static Response explain(Explanation explanation) {
    return Response.ok(DiagnosticsJson.explanation(explanation));
  }
}
