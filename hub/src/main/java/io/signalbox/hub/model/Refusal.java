package io.signalbox.hub.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer that says no: thrown or carried by a failed future, without a stack trace, and turned
 * at the door into a problem document, an {@code error} frame or a close code.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Seconds after which one may ask a hub again that could not. */
  private static final int SOON = 5;

  private final ErrorCode kind;
  private final @Nullable String field;
  private final int retryAfter;

  /** A refusal whose detail names what is at fault. */
  public Refusal(ErrorCode kind, String detail) {
    this(kind, null, detail);
  }

  /** A refusal that names the field at fault, as {@code labels.site}. */
  public Refusal(ErrorCode kind, @Nullable String field, String detail) {
    this(kind, field, detail, kind == ErrorCode.UNAVAILABLE ? SOON : 0);
  }

  private Refusal(ErrorCode kind, @Nullable String field, String detail, int retryAfter) {
    super(detail, null, false, false);
    this.kind = kind;
    this.field = field;
    this.retryAfter = retryAfter;
  }

  /** The same, telling when it makes sense to try again, in seconds from now. */
  public Refusal retryIn(int seconds) {
    return new Refusal(kind, field, detail(), seconds);
  }

  /** Which row of the table it is. */
  public ErrorCode kind() {
    return kind;
  }

  /** The field at fault, or null. */
  public @Nullable String field() {
    return field;
  }

  /** Seconds after which the same may be tried again; 0 where that is not known. */
  public int retryAfter() {
    return retryAfter;
  }

  /** What is wrong, in a sentence. */
  public String detail() {
    return Objects.requireNonNull(getMessage());
  }

  /**
   * The table of refusals: the stable code, the HTTP status, and a title. 4xx: change something and
   * try again; 5xx: try again later.
   */
  public enum ErrorCode {
    MALFORMED("malformed", 400, "The payload cannot be parsed"),
    INVALID("invalid", 400, "A field has a wrong value"),
    NOT_FINITE("not-finite", 400, "A number is not finite"),
    BAD_TIMESTAMP("bad-timestamp", 400, "A timestamp cannot be right"),
    BAD_SEQUENCE("bad-sequence", 400, "A message is out of sequence"),
    UNKNOWN_TYPE("unknown-type", 400, "The frame's type is unknown"),
    BAD_SUBPROTOCOL("bad-subprotocol", 400, "No subprotocol in common"),
    UNAUTHENTICATED("unauthenticated", 401, "Credentials are missing or wrong"),
    FORBIDDEN("forbidden", 403, "The credentials do not allow this"),
    DISABLED("disabled", 403, "The device is disabled"),
    NOT_FOUND("not-found", 404, "There is no such thing"),
    UNKNOWN_DEVICE("unknown-device", 404, "There is no such device"),
    UNKNOWN_COMMAND("unknown-command", 404, "There is no such command"),
    UNKNOWN_JOB("unknown-job", 404, "There is no such job"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "The method does not fit the resource"),
    NOT_ACCEPTABLE("not-acceptable", 406, "None of the accepted media types can be had"),
    TIMEOUT("timeout", 408, "The request took too long to arrive"),
    DEVICE_EXISTS("device-exists", 409, "The device exists already"),
    CONFLICT("conflict", 409, "The request does not fit the present state"),
    COMMAND_OVER("command-over", 409, "The command is over"),
    JOB_OVER("job-over", 409, "The job is over"),
    CURSOR_GONE("cursor-gone", 410, "The cursor is no longer kept"),
    PRECONDITION_FAILED("precondition-failed", 412, "The state has changed in between"),
    TOO_LARGE("too-large", 413, "The message is too large"),
    URI_TOO_LONG("uri-too-long", 414, "The request line is too long"),
    UNSUPPORTED_MEDIA("unsupported-media-type", 415, "The media type is not understood"),
    UPGRADE_REQUIRED("upgrade-required", 426, "This is a WebSocket endpoint"),
    TOO_FAST("too-fast", 429, "Too many messages"),
    QUEUE_FULL("queue-full", 429, "The device's queue is full"),
    HEADERS_TOO_LARGE("headers-too-large", 431, "The request's headers are too large"),
    INTERNAL("internal", 500, "The hub has failed"),
    UNAVAILABLE("unavailable", 503, "The hub cannot take this now");

    private final String code;
    private final int status;
    private final String title;

    ErrorCode(String code, int status, String title) {
      this.code = code;
      this.status = status;
      this.title = title;
    }

    /** The stable code that programs may rely on. */
    public String code() {
      return code;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }

    /** A short sentence for people, the same for every refusal of the kind. */
    public String title() {
      return title;
    }
  }
}
