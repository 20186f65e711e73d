package io.signalbox.hub.http;

import io.signalbox.hub.wire.JsonWritable;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a call is answered with. Immutable, but for what a {@link Streaming} draws from.
 *
 * @param status the HTTP status
 * @param headers what stands in the head beside what every answer has
 * @param content what follows the head
 */
public record Response(int status, Map<String, String> headers, Content content) {
  /** The media type of nearly everything. */
  public static final String JSON = "application/json";

  /** What follows an answer's head. */
  public sealed interface Content {}

  /** Nothing follows. */
  public record Empty() implements Content {}

  /** The whole of it is at hand. */
  public record Whole(Buffer bytes) implements Content {}

  /** It comes bit by bit. */
  public record Streaming(BodySource source) implements Content {}

  /** Gives the next bytes when it is asked, an empty buffer at the end. */
  @FunctionalInterface
  public interface BodySource {
    Future<Buffer> next();
  }

  /** Without content. */
  public static Response empty(int status) {
    return new Response(status, Map.of(), new Empty());
  }

  /** A JSON document. */
  public static Response json(int status, JsonWritable document) {
    return of(status, JSON, Buffer.buffer(document.toBytes()));
  }

  /** 200 with a JSON document. */
  public static Response ok(JsonWritable document) {
    return json(200, document);
  }

  /** Bytes of a media type. */
  public static Response of(int status, String type, Buffer bytes) {
    return new Response(status, Map.of("Content-Type", type), new Whole(bytes));
  }

  /** 200 with content that comes bit by bit. */
  public static Response flow(String type, BodySource source) {
    return new Response(200, Map.of("Content-Type", type), new Streaming(source));
  }

  /**
   * The same when its first bytes are known to be had: until then it can still turn into a refusal.
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

  /** The same with one more header. */
  public Response with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Response(status, more, content);
  }

  /** Its entity tag without the quotes; null if it has none. */
  @Nullable String tag() {
    String quoted = headers.get("ETag");
    return quoted == null ? null : quoted.substring(1, quoted.length() - 1);
  }

  /** The same with an entity tag, by which a client may ask whether it has changed. */
  public Response withEtag(String tag) {
    return with("ETag", '"' + tag + '"');
  }
}
