package io.signalbox.hub.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Detects that the kernel has ended a connection because its peer did not acknowledge data or
 * keepalive probes in time ({@code ETIMEDOUT}). Netty reports it as the exception of a read, or, if
 * bytes waited to be written, only as the cause of later writes.
 *
 * <p>Threading: stateless; {@link #hasClosed} on the event loop of the connection.
 */
public final class PeerTimeout {
  /** ETIMEDOUT on Linux (x86-64 and ARM64), as the native transport reports it. */
  private static final int ETIMEDOUT = -110;

  private PeerTimeout() {}

  /** Whether the exception reports such a timeout. */
  public static boolean isCause(@Nullable Throwable exception) {
    if (exception instanceof Errors.NativeIoException ofEpoll) {
      return ofEpoll.expectedErr() == ETIMEDOUT;
    }
    return exception instanceof IOException
        && String.valueOf(exception.getMessage()).contains("timed out");
  }

  /** Whether such a timeout closed the channel while bytes waited to be written. */
  public static boolean hasClosed(Channel closed) {
    if (closed.isActive()) {
      return false;
    }
    // A write to a closed channel fails with the cause of the closing; nothing is sent.
    ChannelPromise refused = closed.newPromise();
    closed.unsafe().write(Unpooled.EMPTY_BUFFER, refused);
    Throwable failure = refused.cause();
    return failure != null && isCause(failure.getCause());
  }
}
