package io.signalbox.hub.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compresses responses where it pays. Small ones stay as they are; large ones are compressed on a
 * worker thread, so that the event loop can serve other requests.
 */
public final class Gzip {
  private static final int SMALL = 1024;
  private static final int LARGE = 32 * 1024;

  private Gzip() {}

  /** Whether an {@code Accept-Encoding} header allows gzip. */
  public static boolean isAccepted(@Nullable String header) {
    if (header == null) {
      return false;
    }
    return Stream.of(header.toLowerCase(Locale.ROOT).split(",", -1))
        .map(String::strip)
        .anyMatch(one -> one.matches("(gzip|\\*)(?!.*;\\s*q=0(\\.0*)?$).*"));
  }

  /** The response, compressed if that is worth it. Call it only if the client accepts gzip. */
  public static Future<Response> of(Response answer, Context loop) {
    return switch (answer.content()) {
      case Response.Empty nothing -> Future.succeededFuture(answer);
      case Response.Streaming flow -> Future.succeededFuture(answer);
      case Response.Whole whole -> of(answer, whole.bytes(), loop);
    };
  }

  private static Future<Response> of(Response answer, Buffer plain, Context loop) {
    if (plain.length() < SMALL) {
      return Future.succeededFuture(answer);
    }
    Future<Buffer> compressed =
        plain.length() < LARGE
            ? Future.succeededFuture(compress(plain))
            : loop.executeBlocking(() -> compress(plain), false);
    return compressed.map(bytes -> encoded(answer, bytes));
  }

  private static Response encoded(Response answer, Buffer bytes) {
    return new Response(answer.status(), answer.headers(), new Response.Whole(bytes))
        .with("Content-Encoding", "gzip")
        .with("Vary", "Accept-Encoding");
  }

  private static Buffer compress(Buffer plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length() / 4);
    try (Quick gzip = new Quick(bytes)) {
      gzip.write(plain.getBytes());
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory failed", impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** Level 1 gives most of the compression of JSON for a fraction of the time. */
  private static final class Quick extends GZIPOutputStream {
    Quick(ByteArrayOutputStream bytes) throws IOException {
      super(bytes);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
