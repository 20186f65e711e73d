package io.signalbox.hub.gateway.http;

import io.signalbox.hub.http.Response;
import io.signalbox.hub.polling.NextPoll;
import io.signalbox.hub.wire.Encoding;
import io.vertx.core.buffer.Buffer;

/**
 * What a device is answered.
 *
 * @param unwritten what is to be done if it does not reach the connection
 */
record DeviceResponse(Response answer, Runnable unwritten) {
  /** One that nobody minds when it is lost. */
  static DeviceResponse of(Response answer) {
    return new DeviceResponse(answer, DeviceResponse::isLost);
  }

  private static void isLost() {
    // Nobody minds.
  }

  /** A document in either encoding. */
  static Response document(int status, Encoding encoding, byte[] bytes) {
    String type =
        switch (encoding) {
          case JSON -> Response.JSON;
          case CBOR -> "application/cbor";
        };
    return Response.of(status, type, Buffer.buffer(bytes));
  }

  /** The answer with the time at which the device is wanted again. */
  static Response inviting(Response answer, NextPoll next) {
    return answer
        .with("Retry-After", Long.toString(Math.ceilDiv(next.millis(), 1_000)))
        .with("Poll-Interval", Long.toString(next.millis()));
  }
}
