package io.signalbox.hub.api;

import io.signalbox.hub.fleet.TwinService;
import io.signalbox.hub.http.Preconditions;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.TwinChange;
import io.signalbox.hub.wire.ApiJson;
import io.vertx.core.Future;
import java.util.regex.Pattern;

/** REST endpoints of twins. A twin's entity tag holds both versions, for example {@code "3-17"}. */
final class TwinApi {
  // Reports of the device in the meantime are no conflict: only the first version counts.
  private static final Pattern TAG = Pattern.compile("(\\d{1,18})(?:-\\d{1,18})?");

  private final TwinService twins;

  TwinApi(TwinService twins) {
    this.twins = twins;
  }

  Future<Response> get(ApiRequest call) {
    String device = call.path("id");
    return twins.get(device).map(twin -> present(device, twin));
  }

  /** Merges into the desired state; with {@code If-Match} only if its version matches. */
  Future<Response> patchDesired(ApiRequest call) {
    String device = call.path("id");
    Precondition precondition = Preconditions.of(call.request(), TAG, "3-17");
    return call.mergePatchText()
        .compose(patch -> twins.patchDesired(device, patch, precondition, call.principal().name()))
        .map(twin -> present(device, twin));
  }

  /** The changes of a twin, newest first. */
  Future<Response> history(ApiRequest call) {
    TwinChange.Side side = call.query().one("side", TwinChange.Side.class);
    int limit = call.pageLimit();
    return twins
        .history(call.path("id"), side, call.query().text("cursor"), limit)
        .map(page -> Response.ok(ApiJson.page(page, ApiJson::twinChange)));
  }

  private static Response present(String device, Twin twin) {
    return Response.ok(ApiJson.twin(device, twin)).withEtag(twin.tag());
  }
}
