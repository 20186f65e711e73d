package io.signalbox.hub.api;

import io.signalbox.hub.wire.JsonPart;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a call is answered with. Immutable, but for what a {@link Flow} draws from.
 *
 * @param status the HTTP status
 * @param headers what stands in the head beside what every answer has
 * @param content what follows the head
 */
record Answer(int status, Map<String, String> headers, Content content) {
  static final String JSON = "application/json";

  /** What follows an answer's head. */
  sealed interface Content {}

  /** Nothing follows. */
  record Nothing() implements Content {}

  /** The whole of it is at hand. */
  record Whole(Buffer bytes) implements Content {}

  /** It comes bit by bit. */
  record Flow(Source source) implements Content {}

  /** Gives the next bytes when it is asked, an empty buffer at the end. */
  @FunctionalInterface
  interface Source {
    Future<Buffer> next();
  }

  static Answer empty(int status) {
    return new Answer(status, Map.of(), new Nothing());
  }

  static Answer json(int status, JsonPart document) {
    return of(status, JSON, Buffer.buffer(document.toBytes()));
  }

  static Answer ok(JsonPart document) {
    return json(200, document);
  }

  static Answer of(int status, String type, Buffer bytes) {
    return new Answer(status, Map.of("Content-Type", type), new Whole(bytes));
  }

  static Answer flow(String type, Source source) {
    return new Answer(200, Map.of("Content-Type", type), new Flow(source));
  }

  /**
   * The same when its first bytes are known to be had: until then it can still turn into a refusal.
   */
  Future<Answer> begun() {
    return switch (content) {
      case Nothing nothing -> Future.succeededFuture(this);
      case Whole whole -> Future.succeededFuture(this);
      case Flow flow -> flow.source().next().map(first -> flowing(first, flow.source()));
    };
  }

  private Answer flowing(Buffer first, Source rest) {
    AtomicBoolean given = new AtomicBoolean();
    Source whole = () -> given.getAndSet(true) ? rest.next() : Future.succeededFuture(first);
    return new Answer(status, headers, new Flow(whole));
  }

  /** The same with one more header. */
  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, content);
  }

  /** The same with an entity tag, by which a client may ask whether it has changed. */
  Answer tagged(String tag) {
    return with("ETag", '"' + tag + '"');
  }
}
