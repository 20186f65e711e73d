package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.http.netty.Certificates;
import io.signalbox.hub.http.netty.TlsClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Event loops do not block during the start: files are read and libraries are loaded on other
 * threads. The JDK Flight Recorder shows which thread did what.
 */
class StartThreadsTest {
  private static final String LOOPS = "vert.x-eventloop-thread-";
  private static final int DEADLINE_SECONDS = 180;
  private static final String RECORDING =
      "-XX:StartFlightRecording:settings=none,name=start"
          + ",+jdk.ClassLoad#enabled=true,+jdk.ClassLoad#threshold=0ms"
          + ",+jdk.FileRead#enabled=true,+jdk.FileRead#threshold=0ms";

  @TempDir private Path folder;

  @Test
  void no_event_loop_reads_certificates_or_loads_the_libraries_of_the_first_requests()
      throws Exception {
    Path certificate = folder.resolve("certificate.pem");
    Path key = folder.resolve("key.pem");
    Certificates.write(certificate, key);
    try (HubProcess hub =
        HubProcess.start(
            folder,
            Map.of("SIGNALBOX_ADMIN_KEY", RunningHub.ADMIN_KEY, "JDK_JAVA_OPTIONS", RECORDING),
            "--http-port=0",
            "--http-tls-certificate=" + certificate,
            "--http-tls-key=" + key)) {
      String address = hub.address();
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      assertThat(
              TlsClient.exchange(
                  port,
                  "http/1.1",
                  "GET /health/live HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
          .contains(" 200 ");
      assertThat(TlsClient.exchange(port, "http/1.1", register())).contains(" 201 ");

      List<RecordedEvent> events = recorded(hub);

      assertThat(events)
          .filteredOn(event -> event.getEventType().getName().equals("jdk.FileRead"))
          .filteredOn(event -> String.valueOf(event.getString("path")).endsWith(".pem"))
          .isNotEmpty()
          .noneMatch(StartThreadsTest::isOnLoop);
      assertThat(events)
          .filteredOn(event -> event.getEventType().getName().equals("jdk.ClassLoad"))
          .filteredOn(event -> isOfLibrary(loaded(event)))
          .isNotEmpty()
          .filteredOn(StartThreadsTest::isOnLoop)
          .extracting(StartThreadsTest::loaded)
          .isEmpty();
    }
  }

  private static String register() {
    String device = "{\"id\":\"pump-7\"}";
    return "POST /api/v1/devices HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\n"
        + "Authorization: Bearer "
        + RunningHub.ADMIN_KEY
        + "\r\nContent-Length: "
        + device.length()
        + "\r\n\r\n"
        + device;
  }

  private List<RecordedEvent> recorded(HubProcess hub) throws Exception {
    Path file = folder.resolve("start.jfr");
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process dump =
        new ProcessBuilder(
                jcmd, Long.toString(hub.pid()), "JFR.dump", "name=start", "filename=" + file)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("jcmd.out").toFile())
            .start();
    assertThat(dump.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return RecordingFile.readAllEvents(file);
  }

  private static boolean isOnLoop(RecordedEvent event) {
    RecordedThread thread = event.getThread();
    return thread != null && String.valueOf(thread.getJavaName()).startsWith(LOOPS);
  }

  private static String loaded(RecordedEvent event) {
    return Objects.requireNonNull((RecordedClass) event.getValue("loadedClass")).getName();
  }

  private static boolean isOfLibrary(String name) {
    return name.startsWith("com.fasterxml.jackson.databind.")
        || name.startsWith("io.micrometer.")
        || name.startsWith("io.prometheus.");
  }
}
