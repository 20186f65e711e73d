package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.api.TestHub;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class HubExtensionTest {
  @StartHub private static RunningHub ofTheClass;
  @StartHub private static TestHub apiAlone;

  @StartHub({"--gateway-max-connections", "1"})
  private RunningHub ofTheTest;

  private int portInBeforeEach;

  @BeforeEach
  void rememberPort() {
    portInBeforeEach = ofTheTest.port();
  }

  @Test
  void a_static_field_an_instance_field_and_a_parameter_each_get_their_own_hub(
      @StartHub RunningHub own) {
    assertThat(ofTheTest.port()).isEqualTo(portInBeforeEach);
    assertThat(own.port()).isNotEqualTo(ofTheClass.port()).isNotEqualTo(ofTheTest.port());
    ofTheClass.register("of-the-class");
    assertThat(ofTheTest.get("/api/v1/devices/of-the-class").path("code").asText())
        .isEqualTo("unknown-device");
    assertThat(apiAlone).isNotNull();
  }

  @Test
  void a_hub_that_is_restarted_keeps_its_data_and_its_port() {
    int port = ofTheTest.port();
    ofTheTest.register("kept");
    ofTheTest.restart();
    assertThat(ofTheTest.port()).isEqualTo(port);
    assertThat(ofTheTest.get("/api/v1/devices/kept").path("id").asText()).isEqualTo("kept");
  }

  @Test
  void a_failure_shows_the_log_of_the_hub() {
    LoggerFactory.getLogger(RunningHub.class).warn("the disk is full");
    Throwable failure = HubLog.capture().addTo(new AssertionError("expected 1, got 2"));
    StringWriter report = new StringWriter();
    failure.printStackTrace(new PrintWriter(report));
    assertThat(report.toString()).contains("WARN  RunningHub the disk is full");
  }
}
