package io.signalbox.hub.http.netty;

import static org.awaitility.Awaitility.await;

import io.signalbox.hub.websocket.RawConnection;
import io.signalbox.testsupport.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real proxy in front of a hub, configured by a file of {@code docs/proxies} in which only
 * addresses and certificates are replaced. It is reached as {@code hub.test} on 127.0.0.1.
 */
final class ReverseProxyProcess implements AutoCloseable {
  static final Path FILES = Path.of("../docs/proxies");
  private static final Duration START = Duration.ofMinutes(3);

  /** The published configurations. */
  enum Kind {
    NGINX("nginx"),
    NGINX_GZIP("nginx"),
    HAPROXY("haproxy"),
    HAPROXY_H2("haproxy"),
    HAPROXY_PROXY_PROTOCOL("haproxy"),
    CADDY("caddy");

    private final String program;

    Kind(String program) {
      this.program = program;
    }
  }

  private final Process process;
  private final int http;
  private final int https;

  private ReverseProxyProcess(Process process, int http, int https) {
    this.process = process;
    this.http = http;
    this.https = https;
  }

  /** Starts the proxy; without the program, skips the test, except on CI. */
  static ReverseProxyProcess start(Kind kind, int hub, Path folder) throws Exception {
    boolean installed =
        Stream.of(System.getenv("PATH").split(":", -1), new String[] {"/usr/sbin"})
            .flatMap(Stream::of)
            .anyMatch(each -> Files.isExecutable(Path.of(each, kind.program)));
    Assumptions.assumeTrue(
        installed || System.getenv("CI") != null,
        kind.program + " is not installed: apt-get install " + kind.program);
    Path certificate = folder.resolve("hub.crt");
    Path key = folder.resolve("hub.key");
    Certificates.write(certificate, key);
    Path pair = folder.resolve("hub.pem");
    Files.writeString(pair, Files.readString(certificate) + Files.readString(key));
    int http = FreePorts.next();
    int https = FreePorts.next();
    Start start = new Start(folder, hub, http, https);
    ProcessBuilder builder = new ProcessBuilder(start.command(kind));
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("XDG_DATA_HOME", folder.toString());
    builder.environment().put("XDG_CONFIG_HOME", folder.toString());
    Path log = folder.resolve("log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    ReverseProxyProcess proxy = new ReverseProxyProcess(process, http, https);
    await()
        .atMost(START)
        .failFast(() -> failIfEnded(kind, process, log))
        .ignoreExceptions()
        .until(proxy::isReady);
    return proxy;
  }

  private static void failIfEnded(Kind kind, Process process, Path log) {
    if (!process.isAlive()) {
      throw new IllegalStateException(kind + " ended: " + file(log));
    }
  }

  private boolean isReady() {
    try (RawConnection client = RawConnection.from("127.0.0.1", http)) {
      client.send("GET /health/live HTTP/1.1\r\nHost: hub.test\r\nConnection: close\r\n\r\n");
      return client.answer().startsWith("HTTP/1.1 200");
    }
  }

  /** Files and ports of a start. */
  private record Start(Path folder, int hub, int http, int https) {
    List<String> command(Kind kind) throws IOException {
      return switch (kind) {
        case NGINX -> nginx("");
        case NGINX_GZIP -> nginx("gzip on; gzip_types application/json;");
        case HAPROXY -> haproxy(published("haproxy.cfg"));
        case HAPROXY_H2 -> {
          String whole = published("haproxy.cfg");
          yield haproxy(
              whole.substring(0, whole.indexOf("\nbackend hub") + 1) + published("haproxy-h2.cfg"));
        }
        case HAPROXY_PROXY_PROTOCOL ->
            haproxy(
                published("haproxy-proxy-protocol.cfg")
                    .replace("bind :443", "bind 127.0.0.1:" + http));
        case CADDY -> caddy();
      };
    }

    private String published(String name) throws IOException {
      return Files.readString(FILES.resolve(name)).replace("127.0.0.1:8080", "127.0.0.1:" + hub);
    }

    private Path write(String name, String text) throws IOException {
      return Files.writeString(folder.resolve(name), text);
    }

    private List<String> nginx(String more) throws IOException {
      Path site =
          write(
              "hub.conf",
              published("nginx.conf")
                  .replace("listen 80;", "listen 127.0.0.1:" + http + ";")
                  .replace("listen 443 ssl;", "listen 127.0.0.1:" + https + " ssl;")
                  .replace("/etc/ssl/hub.lan", folder.resolve("hub").toString()));
      StringBuilder temporary = new StringBuilder();
      for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
        temporary.append("%s_temp_path %s/%s;\n".formatted(kind, folder, kind));
      }
      Path main =
          write(
              "nginx.conf",
              "daemon off;\nmaster_process off;\npid %s/pid;\nerror_log stderr;\n".formatted(folder)
                  + "events {}\nhttp {\naccess_log off;\n"
                  + temporary
                  + more
                  + "\ninclude "
                  + site
                  + ";\n}\n");
      return List.of("nginx", "-p", folder.toString(), "-c", main.toString(), "-e", "stderr");
    }

    private List<String> haproxy(String text) throws IOException {
      Path file =
          write(
              "haproxy.cfg",
              text.replace("bind :80", "bind 127.0.0.1:" + http)
                  .replace("bind :443", "bind 127.0.0.1:" + https)
                  .replace("/etc/haproxy/hub.lan.pem", folder.resolve("hub.pem").toString()));
      return List.of("haproxy", "-db", "-f", file.toString());
    }

    private List<String> caddy() throws IOException {
      String site = published("Caddyfile");
      String plain = site.replace("hub.lan {", "http://hub.test:%d {".formatted(http));
      String secure =
          site.replace(
              "hub.lan {",
              "https://hub.test:%d {\ntls %2$s/hub.crt %2$s/hub.key".formatted(https, folder));
      Path file =
          write(
              "Caddyfile",
              "{\nadmin off\nauto_https disable_redirects\nskip_install_trust\n"
                  + "default_bind 127.0.0.1\n}\n"
                  + plain
                  + secure);
      return List.of("caddy", "run", "--adapter", "caddyfile", "--config", file.toString());
    }
  }

  /** The port of the proxy. */
  int port(boolean tls) {
    return tls ? https : http;
  }

  /** The origin of the console's pages. */
  String origin(boolean tls) {
    return (tls ? "https" : "http") + "://hub.test:" + port(tls);
  }

  /** A client that connects from that address. */
  RawConnection from(String address, boolean tls) {
    RawConnection client = RawConnection.from(address, port(tls));
    return tls ? client.tls("hub.test") : client;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static String file(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
