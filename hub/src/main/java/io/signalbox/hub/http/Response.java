package io.signalbox.hub.http;

import io.signalbox.hub.wire.JsonWritable;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP response. Immutable, except for the source of a {@link Streaming} content.
 *
 * @param status HTTP status
 * @param headers headers besides those of every response
 * @param content body of the response
 */
public record Response(int status, Map<String, String> headers, Content content) {
  /** The media type of nearly every response. */
  public static final String JSON = "application/json";

  /** Body of a response. */
  public sealed interface Content {}

  /** No body. */
  public record Empty() implements Content {}

  /** A complete body. */
  public record Whole(Buffer bytes) implements Content {}

  /** A body that is produced in chunks. */
  public record Streaming(BodySource source) implements Content {}

  /** Supplies the next chunk on demand; an empty buffer marks the end. */
  @FunctionalInterface
  public interface BodySource {
    Future<Buffer> next();
  }

  /** A response without a body. */
  public static Response empty(int status) {
    return new Response(status, Map.of(), new Empty());
  }

  /** A response with a JSON document. */
  public static Response json(int status, JsonWritable document) {
    return of(status, JSON, Buffer.buffer(document.toBytes()));
  }

  /** 200 with a JSON document. */
  public static Response ok(JsonWritable document) {
    return json(200, document);
  }

  /** A response with bytes of a media type. */
  public static Response of(int status, String type, Buffer bytes) {
    return new Response(status, Map.of("Content-Type", type), new Whole(bytes));
  }

  /** 200 with a streamed body. */
  public static Response flow(String type, BodySource source) {
    return new Response(200, Map.of("Content-Type", type), new Streaming(source));
  }

  /**
   * The same once its first chunk is available: until then a failure can still become an error
   * response.
   */
  public Future<Response> withFirstChunk() {
    return switch (content) {
      case Empty nothing -> Future.succeededFuture(this);
      case Whole whole -> Future.succeededFuture(this);
      case Streaming flow -> flow.source().next().map(first -> flowing(first, flow.source()));
    };
  }

  private Response flowing(Buffer first, BodySource rest) {
    AtomicBoolean given = new AtomicBoolean();
    BodySource whole = () -> given.getAndSet(true) ? rest.next() : Future.succeededFuture(first);
    return new Response(status, headers, new Streaming(whole));
  }

  /** A copy with one more header. */
  public Response with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Response(status, more, content);
  }

  /** The entity tag without quotes; null if there is none. */
  @Nullable String tag() {
    String quoted = headers.get("ETag");
    return quoted == null ? null : quoted.substring(1, quoted.length() - 1);
  }

  /** A copy with an entity tag, for conditional requests. */
  public Response withEtag(String tag) {
    return with("ETag", '"' + tag + '"');
  }
}
