package io.signalbox.hub.http;

import io.vertx.core.MultiMap;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The headers of every response. */
public final class ResponseHeaders {
  /** Lets the console load its own files and connect to its own hub, nothing else. */
  public static final String CONSOLE_POLICY =
      "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; object-src 'none';"
          + " frame-ancestors 'none'; base-uri 'none'; form-action 'self';"
          + " require-trusted-types-for 'script'";

  private static final String DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

  private ResponseHeaders() {}

  /** Writes the headers; those of the response itself take precedence. */
  public static void write(MultiMap head, Response answer) {
    head.set("X-Content-Type-Options", "nosniff");
    head.set("X-Frame-Options", "DENY");
    head.set("Referrer-Policy", "no-referrer");
    head.set("Cross-Origin-Opener-Policy", "same-origin");
    head.set("Cross-Origin-Resource-Policy", "same-origin");
    head.set("Content-Security-Policy", DATA_POLICY);
    writeMinimal(head, answer);
  }

  /** The same without the headers that only browsers read, to save bytes for devices. */
  public static void writeMinimal(MultiMap head, Response answer) {
    head.set(
        "Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
    head.set(
        "Cache-Control", answer.headers().containsKey("ETag") ? "private, no-cache" : "no-store");
    answer.headers().forEach(head::set);
  }
}
