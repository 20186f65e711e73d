package io.signalbox.hub.gateway.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.telemetry.TelemetryIngest;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** One upload on its way to the store. Threading: the intake's event loop. */
final class UploadAck implements TelemetryIngest.AckListener {
  private final Promise<Void> kept = Promise.promise();

  /** Succeeds when it is durable. */
  Future<Void> kept() {
    return kept.future();
  }

  @Override
  public void stored(long seq) {
    kept.complete();
  }

  @Override
  public void refused(long seq, Refusal refusal) {
    kept.fail(refusal);
  }

  @Override
  public void settled() {}
}
