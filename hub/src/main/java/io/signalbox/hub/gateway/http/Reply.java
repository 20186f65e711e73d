package io.signalbox.hub.gateway.http;

import io.signalbox.hub.http.Answer;
import io.signalbox.hub.polling.Planned;
import io.signalbox.hub.wire.Encoding;
import io.vertx.core.buffer.Buffer;

/**
 * What a device is answered.
 *
 * @param unwritten what is to be done if it does not reach the connection
 */
record Reply(Answer answer, Runnable unwritten) {
  /** One that nobody minds when it is lost. */
  static Reply of(Answer answer) {
    return new Reply(answer, Reply::isLost);
  }

  private static void isLost() {
    // Nobody minds.
  }

  /** A document in either encoding. */
  static Answer document(int status, Encoding encoding, byte[] bytes) {
    String type =
        switch (encoding) {
          case JSON -> Answer.JSON;
          case CBOR -> "application/cbor";
        };
    return Answer.of(status, type, Buffer.buffer(bytes));
  }

  /** The answer with the time at which the device is wanted again. */
  static Answer inviting(Answer answer, Planned next) {
    return answer
        .with("Retry-After", Long.toString(Math.ceilDiv(next.millis(), 1_000)))
        .with("Poll-Interval", Long.toString(next.millis()));
  }
}
