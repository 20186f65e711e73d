package io.signalbox.hub.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the kernel has given a connection up because its peer did not acknowledge in time ({@code
 * ETIMEDOUT}): neither what was written nor keepalive probes. Netty tells it in one of two ways: an
 * exception of a read, or, if bytes waited to be written, only as the cause of what is written
 * later.
 *
 * <p>Threading: stateless; {@link #hasClosed} on the event loop of the connection.
 */
public final class PeerTimeout {
  /** ETIMEDOUT of Linux on x86-64 and ARM64, as the native transport gives it. */
  private static final int ETIMEDOUT = -110;

  private PeerTimeout() {}

  /** Whether that is what an exception tells. */
  public static boolean isCause(@Nullable Throwable exception) {
    if (exception instanceof Errors.NativeIoException ofEpoll) {
      return ofEpoll.expectedErr() == ETIMEDOUT;
    }
    return exception instanceof IOException
        && String.valueOf(exception.getMessage()).contains("timed out");
  }

  /** Whether that has closed a connection while bytes waited to be written. */
  public static boolean hasClosed(Channel closed) {
    if (closed.isActive()) {
      return false;
    }
    // Netty refuses the bytes with what closed the channel; nothing is written.
    ChannelPromise refused = closed.newPromise();
    closed.unsafe().write(Unpooled.EMPTY_BUFFER, refused);
    Throwable failure = refused.cause();
    return failure != null && isCause(failure.getCause());
  }
}
