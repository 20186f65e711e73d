package io.signalbox.hub.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An expected error: thrown or carried by a failed future, without a stack trace, and converted by
 * the HTTP and WebSocket layers to a problem document, an {@code error} frame or a close code.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Default retry delay of {@code UNAVAILABLE}, in seconds. */
  private static final int SOON = 5;

  private final ErrorCode kind;
  private final @Nullable String field;
  private final int retryAfter;
  private final List<Fault> faults;

  /** A refusal with a detail that states the fault. */
  public Refusal(ErrorCode kind, String detail) {
    this(kind, null, detail);
  }

  /** A refusal that names the invalid field, such as {@code labels.site}. */
  public Refusal(ErrorCode kind, @Nullable String field, String detail) {
    this(kind, field, detail, kind == ErrorCode.UNAVAILABLE ? SOON : 0, List.of());
  }

  /**
   * A refusal of a document with all of its faults.
   *
   * @param document name of the document in the detail, such as {@code params}
   * @param faults at least one
   */
  public Refusal(ErrorCode kind, @Nullable String field, String document, List<Fault> faults) {
    this(kind, field, Fault.summary(document, faults), 0, List.copyOf(faults));
  }

  private Refusal(
      ErrorCode kind, @Nullable String field, String detail, int retryAfter, List<Fault> faults) {
    super(detail, null, false, false);
    this.kind = kind;
    this.field = field;
    this.retryAfter = retryAfter;
    this.faults = faults;
  }

  /** The same refusal with a retry delay in seconds. */
  public Refusal retryIn(int seconds) {
    return new Refusal(kind, field, detail(), seconds, faults);
  }

  /** The same refusal, with the field that it is about. */
  public Refusal withField(String name) {
    return new Refusal(kind, name, detail(), retryAfter, faults);
  }

  /** The error code. */
  public ErrorCode kind() {
    return kind;
  }

  /** The invalid field; null if none. */
  public @Nullable String field() {
    return field;
  }

  /** Seconds after which the request may be repeated; 0 if unknown. */
  public int retryAfter() {
    return retryAfter;
  }

  /** The faults of a refused document; empty for other refusals. */
  public List<Fault> faults() {
    return faults;
  }

  /** The fault, in a sentence. */
  public String detail() {
    return Objects.requireNonNull(getMessage());
  }

  /**
   * Table of errors: stable code, HTTP status and title. For 4xx the client must change the
   * request, for 5xx it may repeat it later.
   */
  public enum ErrorCode {
    MALFORMED("malformed", 400, "The payload cannot be parsed"),
    INVALID("invalid", 400, "A field has an invalid value"),
    NOT_FINITE("not-finite", 400, "A number is not finite"),
    BAD_TIMESTAMP("bad-timestamp", 400, "A timestamp is implausible"),
    BAD_SEQUENCE("bad-sequence", 400, "A message is out of sequence"),
    UNKNOWN_TYPE("unknown-type", 400, "The frame's type is unknown"),
    BAD_SUBPROTOCOL("bad-subprotocol", 400, "No common subprotocol"),
    UNAUTHENTICATED("unauthenticated", 401, "Credentials are missing or invalid"),
    FORBIDDEN("forbidden", 403, "The credentials do not allow this"),
    DISABLED("disabled", 403, "The device is disabled"),
    NOT_FOUND("not-found", 404, "The resource does not exist"),
    UNKNOWN_DEVICE("unknown-device", 404, "The device does not exist"),
    UNKNOWN_COMMAND("unknown-command", 404, "The command does not exist"),
    UNKNOWN_JOB("unknown-job", 404, "The job does not exist"),
    UNKNOWN_DEVICE_TYPE("unknown-device-type", 404, "The device type does not exist"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "The resource does not support the method"),
    NOT_ACCEPTABLE("not-acceptable", 406, "None of the accepted media types is available"),
    TIMEOUT("timeout", 408, "The request took too long to arrive"),
    DEVICE_EXISTS("device-exists", 409, "The device exists already"),
    CONFLICT("conflict", 409, "The request conflicts with the present state"),
    COMMAND_FINISHED("command-finished", 409, "The command has ended"),
    JOB_FINISHED("job-finished", 409, "The job has ended"),
    CURSOR_GONE("cursor-gone", 410, "The cursor is no longer valid"),
    PRECONDITION_FAILED("precondition-failed", 412, "The resource has changed in the meantime"),
    TOO_LARGE("too-large", 413, "The message is too large"),
    URI_TOO_LONG("uri-too-long", 414, "The request line is too long"),
    UNSUPPORTED_MEDIA("unsupported-media-type", 415, "The media type is not supported"),
    INVALID_PARAMS("invalid-params", 422, "The value does not fit the device type"),
    INVALID_READINGS("invalid-readings", 422, "The readings do not fit the device type"),
    UPGRADE_REQUIRED("upgrade-required", 426, "This is a WebSocket endpoint"),
    RATE_LIMITED("rate-limited", 429, "Too many messages"),
    QUEUE_FULL("queue-full", 429, "The device's queue is full"),
    HEADERS_TOO_LARGE("headers-too-large", 431, "The request's headers are too large"),
    INTERNAL("internal", 500, "Internal error"),
    UNAVAILABLE("unavailable", 503, "The hub cannot process the request now");

    private final String code;
    private final int status;
    private final String title;

    ErrorCode(String code, int status, String title) {
      this.code = code;
      this.status = status;
      this.title = title;
    }

    /** The stable code for programs. */
    public String code() {
      return code;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }

    /** A short title, the same for every error with this code. */
    public String title() {
      return title;
    }
  }
}
