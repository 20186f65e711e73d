package io.signalbox.hub.http;

import io.signalbox.hub.wire.JsonPart;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a call is answered with. Immutable, but for what a {@link Flow} draws from.
 *
 * @param status the HTTP status
 * @param headers what stands in the head beside what every answer has
 * @param content what follows the head
 */
public record Answer(int status, Map<String, String> headers, Content content) {
  /** The media type of nearly everything. */
  public static final String JSON = "application/json";

  /** What follows an answer's head. */
  public sealed interface Content {}

  /** Nothing follows. */
  public record Nothing() implements Content {}

  /** The whole of it is at hand. */
  public record Whole(Buffer bytes) implements Content {}

  /** It comes bit by bit. */
  public record Flow(Source source) implements Content {}

  /** Gives the next bytes when it is asked, an empty buffer at the end. */
  @FunctionalInterface
  public interface Source {
    Future<Buffer> next();
  }

  /** Without content. */
  public static Answer empty(int status) {
    return new Answer(status, Map.of(), new Nothing());
  }

  /** A JSON document. */
  public static Answer json(int status, JsonPart document) {
    return of(status, JSON, Buffer.buffer(document.toBytes()));
  }

  /** 200 with a JSON document. */
  public static Answer ok(JsonPart document) {
    return json(200, document);
  }

  /** Bytes of a media type. */
  public static Answer of(int status, String type, Buffer bytes) {
    return new Answer(status, Map.of("Content-Type", type), new Whole(bytes));
  }

  /** 200 with content that comes bit by bit. */
  public static Answer flow(String type, Source source) {
    return new Answer(200, Map.of("Content-Type", type), new Flow(source));
  }

  /**
   * The same when its first bytes are known to be had: until then it can still turn into a refusal.
   */
  public Future<Answer> begun() {
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
  public Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, content);
  }

  /** Its entity tag without the quotes; null if it has none. */
  @Nullable String tag() {
    String quoted = headers.get("ETag");
    return quoted == null ? null : quoted.substring(1, quoted.length() - 1);
  }

  /** The same with an entity tag, by which a client may ask whether it has changed. */
  public Answer tagged(String tag) {
    return with("ETag", '"' + tag + '"');
  }
}
