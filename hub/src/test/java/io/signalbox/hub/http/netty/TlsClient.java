package io.signalbox.hub.http.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** TLS client that accepts every certificate and sends arbitrary bytes. */
public final class TlsClient {
  private static final int DEADLINE_SECONDS = 180;

  private TlsClient() {}

  /**
   * Sends bytes, and reads to the end of the connection.
   *
   * @param protocol protocol to offer by ALPN
   */
  public static String exchange(int port, String protocol, String bytes) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
      SSLParameters offered = socket.getSSLParameters();
      offered.setApplicationProtocols(new String[] {protocol});
      socket.setSSLParameters(offered);
      socket.startHandshake();
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }
}
