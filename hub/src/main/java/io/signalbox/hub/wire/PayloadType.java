package io.signalbox.hub.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Media type of a telemetry payload. */
public enum PayloadType {
  /** Plain shapes, or SenML, which is recognised by its shape. */
  JSON("application/json", Encoding.JSON),
  /** RFC 8428. */
  SENML_JSON("application/senml+json", Encoding.JSON),
  /** Plain shapes, or SenML, which is recognised by its shape. */
  CBOR("application/cbor", Encoding.CBOR),
  /** RFC 8428. */
  SENML_CBOR("application/senml+cbor", Encoding.CBOR),
  /** PUTVAL commands of collectd. */
  TEXT("text/plain", Encoding.JSON);

  private final String mediaType;
  private final Encoding encoding;

  PayloadType(String mediaType, Encoding encoding) {
    this.mediaType = mediaType;
    this.encoding = encoding;
  }

  /** The media type, without parameters. */
  public String mediaType() {
    return mediaType;
  }

  /** The encoding of the bytes. */
  Encoding encoding() {
    return encoding;
  }

  /** The type of a {@code Content-Type} header, ignoring parameters; null if unknown. */
  public static @Nullable PayloadType of(String contentType) {
    int parameters = contentType.indexOf(';');
    String bare = parameters < 0 ? contentType : contentType.substring(0, parameters);
    String name = bare.strip().toLowerCase(Locale.ROOT);
    for (PayloadType type : values()) {
      if (type.mediaType.equals(name)) {
        return type;
      }
    }
    return null;
  }
}
