package io.signalbox.hub.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  /** A settings record with one setting of each type. */
  public record TestConfig(
      @Setting(value = "cellar", doc = "Where.") Path data,
      @Setting(value = "hub", doc = "Who.", pattern = "[a-z]+") String name,
      @Setting(doc = "Key.", secret = true, pattern = ".{8,}") @Nullable String adminKey,
      @Setting(value = "false", doc = "Echo.") boolean debugEcho,
      @Setting(value = "low", doc = "How.") Level level,
      @Setting(value = "30s", doc = "How long.", range = "1s..1h") Duration patience,
      @Setting(doc = "HTTP listener.") TestPort http) {}

  /** A nested settings record. */
  public record TestPort(
      @Setting(value = "8080", doc = "Port.", range = "0..65535") int port,
      @Setting(value = "100", doc = "Few.", range = "1..") long maxClients,
      @Setting(value = "0.5", doc = "Share.", range = "0..1") double share) {
    public TestPort {
      if (maxClients == 13) {
        throw new IllegalArgumentException("maxClients must not be 13");
      }
    }
  }

  enum Level {
    LOW,
    VERY_HIGH
  }

  @TempDir Path folder;

  @Test
  void without_settings_the_defaults_apply() {
    TestConfig config = Configuration.defaults(TestConfig.class);

    assertThat(config)
        .isEqualTo(
            new TestConfig(
                Path.of("cellar"),
                "hub",
                null,
                false,
                Level.LOW,
                Duration.ofSeconds(30),
                new TestPort(8080, 100, 0.5)));
  }

  @Test
  void a_flag_overrides_a_variable_and_that_the_file_and_that_the_default() throws IOException {
    Path file = file("name: file\nhttp:\n  port: 1\n  maxClients: 2\n  share: 0.1\n");
    Map<String, String> variables =
        Map.of("SIGNALBOX_HTTP_PORT", "3", "SIGNALBOX_HTTP_MAX_CLIENTS", "4");

    TestConfig config = read(List.of("--http-port", "5"), variables, file).settings();

    assertThat(config.http()).isEqualTo(new TestPort(5, 4, 0.1));
    assertThat(config.name()).isEqualTo("file");
    assertThat(config.level()).isEqualTo(Level.LOW);
  }

  @Test
  void flags_variables_and_file_set_every_type_alike() throws IOException {
    Path file =
        file(
            """
            data: /srv
            name: town
            adminKey: abcdefgh
            debugEcho: true
            level: very-high
            patience: 5m
            http: {port: 1, maxClients: 2, share: 0.25}
            """);
    List<String> flags =
        List.of("--data=/srv --name=town --debug-echo --level very-high --patience 5m".split(" "));
    Map<String, String> key = Map.of("SIGNALBOX_ADMIN_KEY", "abcdefgh");
    Map<String, String> rest =
        Map.of(
            "SIGNALBOX_HTTP_PORT", "1",
            "SIGNALBOX_HTTP_MAX_CLIENTS", "2",
            "SIGNALBOX_HTTP_SHARE", "0.25",
            "SIGNALBOX_ADMIN_KEY", key.get("SIGNALBOX_ADMIN_KEY"));

    TestConfig fromFile = read(List.of(), Map.of(), file).settings();
    TestConfig fromFlags = read(flags, rest, null).settings();

    assertThat(fromFlags).isEqualTo(fromFile);
    assertThat(fromFile.http().share()).isEqualTo(0.25);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "--http-port=99999 | http.port: 99999 is not in 0..65535 (from --http-port)",
        "--http-port=abc | http.port: abc is not a whole number in 0..65535 (from --http-port)",
        "--http-port= | http.port: '' is not a whole number in 0..65535 (from --http-port)",
        "--http-max-clients=0 | http.maxClients: 0 is not in 1.. (from --http-max-clients)",
        "--http-share=NaN | http.share: NaN is not a number in 0..1 (from --http-share)",
        "--level=middle | level: middle is not one of low, very-high (from --level)",
        "--debug-echo=yes | debugEcho: yes is not one of true, false (from --debug-echo)",
        "--name=Hub1 | name: Hub1 is not of the form [a-z]+ (from --name)",
        "--patience=2h | patience: 2h is not in 1s..1h (from --patience)",
        "--http-prot=1 | unknown option --http-prot; did you mean --http-port?",
        "--sideways | unknown option --sideways (see --help)",
        "--sideways=x | unknown option --sideways (see --help)",
        "sideways | unexpected argument sideways (see --help)",
        "--http-port | --http-port: value missing",
        "--http-max-clients=13 | http: maxClients must not be 13",
      })
  void a_wrong_flag_is_refused_with_its_path(String flag, String fault) {
    assertThat(faults(List.of(flag), Map.of(), null)).containsExactly(fault);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--name", "--http-port"})
  void a_flag_given_twice_is_refused(String flag) {
    assertThat(faults(List.of(flag + "=1", flag, "2"), Map.of(), null))
        .contains(flag + ": given twice; expected once");
  }

  @Test
  void a_flag_is_not_the_value_of_another() {
    assertThat(faults(List.of("--name", "--http-port=1"), Map.of(), null))
        .contains("--name: value missing");
  }

  @Test
  void the_word_after_an_unknown_flag_is_its_value() {
    assertThat(faults(List.of("--colour", "red", "--shape=round", "x"), Map.of(), null))
        .containsExactly(
            "unknown option --colour (see --help)",
            "unknown option --shape (see --help)",
            "unexpected argument x (see --help)");
  }

  @Test
  void a_word_that_names_a_file_is_not_expanded() {
    assertThat(faults(List.of("@signalbox.txt"), Map.of(), null))
        .containsExactly("unexpected argument @signalbox.txt (see --help)");
  }

  @Test
  void a_secret_has_no_flag_and_is_never_shown() {
    assertThat(faults(List.of("--admin-key=abcdefgh"), Map.of(), null))
        .singleElement()
        .asString()
        .contains("SIGNALBOX_ADMIN_KEY")
        .doesNotContain("abcdefgh");
    assertThat(faults(List.of(), Map.of("SIGNALBOX_ADMIN_KEY", "short"), null))
        .containsExactly(
            "adminKey: the given value is not of the form .{8,} (from SIGNALBOX_ADMIN_KEY)");
  }

  @Test
  void an_unknown_signalbox_variable_is_refused_and_others_are_ignored() {
    Map<String, String> variables =
        Map.of(
            "SIGNALBOX_HTTP_PROT", "1",
            "SIGNALBOX_PORT_8080_TCP_ADDR", "10.0.0.1",
            "SIGNALBOX_SERVICE_HOST", "10.0.0.1",
            "SIGNALBOX_JAVA_OPTS", "-Xmx1g",
            "PATH", "/bin");

    assertThat(faults(List.of(), variables, null))
        .containsExactly("SIGNALBOX_HTTP_PROT: unknown setting; did you mean SIGNALBOX_HTTP_PORT?");
  }

  @Test
  void an_empty_variable_counts_as_not_set() {
    TestConfig config = read(List.of(), Map.of("SIGNALBOX_ADMIN_KEY", ""), null).settings();
    assertThat(config.adminKey()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http: {prot: 1} | http.prot: unknown setting; did you mean http.port?",
        "colour: red | colour: unknown setting",
        "http: 8080 | http: expected a mapping",
        "name: [a] | name: expected a single value",
        "http: {port: 70000} | http.port: 70000 is not in 0..65535",
      })
  void a_wrong_line_of_the_file_is_refused_with_its_path(String yaml, String fault)
      throws IOException {
    Path file = file(yaml);
    assertThat(faults(List.of(), Map.of(), file)).containsExactly(fault + " (from " + file + ")");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{ | 1", "name: a\\nname: b | 2", "- a | 0"})
  void a_file_that_is_not_a_mapping_is_refused(String yaml, int line) throws IOException {
    Path file = file(yaml.replace("\\n", "\n"));
    assertThat(faults(List.of(), Map.of(), file))
        .singleElement()
        .asString()
        .startsWith(file.toString())
        .contains(line > 1 ? "(line " + line + ")" : "");
  }

  @Test
  void a_file_that_is_not_utf8_is_refused_with_the_byte_position() throws IOException {
    Path file = folder.resolve("signalbox.yaml");
    Files.write(file, "name: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(faults(List.of(), Map.of(), file))
        .containsExactly(file + ": byte 9 is 0xe9, which is not valid UTF-8");
  }

  @Test
  void values_of_the_file_may_have_any_notation_of_yaml() throws IOException {
    TestConfig config =
        read(
                List.of(),
                Map.of(),
                file(
                    """
                    data: &where shed
                    name: !!str hall
                    debugEcho: True
                    level: ~
                    http: {port: 0x1F90, maxClients: 1_000, share: .25}
                    ---
                    name: other
                    """))
            .settings();
    assertThat(config.name()).isEqualTo("hall");
    assertThat(config.debugEcho()).isTrue();
    assertThat(config.level()).isEqualTo(Level.LOW);
    assertThat(config.http()).isEqualTo(new TestPort(8080, 1000, 0.25));
  }

  @Test
  void an_empty_file_sets_nothing() throws IOException {
    assertThat(read(List.of(), Map.of(), file("# nothing\n")).settings())
        .isEqualTo(Configuration.defaults(TestConfig.class));
  }

  @Test
  void all_errors_are_reported_at_once() {
    assertThatThrownBy(
            () -> read(List.of("--http-port=x", "--nonsense"), Map.of("SIGNALBOX_NAME", "A"), null))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("--nonsense")
        .hasMessageContaining("http.port")
        .hasMessageContaining("name: A");
  }

  @Test
  void the_effective_settings_are_printed_as_a_valid_file() throws IOException {
    Configuration<TestConfig> before =
        read(
            List.of("--http-port=5", "--data=/a b/\"c\""),
            Map.of("SIGNALBOX_ADMIN_KEY", "a-secret-key", "SIGNALBOX_PATIENCE", "1m"),
            null);

    String printed = before.print();

    assertThat(printed)
        .doesNotContain("a-secret-key")
        .containsPattern("# adminKey: \\*{8} +# SIGNALBOX_ADMIN_KEY")
        .containsPattern("patience: 1m +# SIGNALBOX_PATIENCE")
        .containsPattern("http:\n  port: 5 +# --http-port\n  maxClients: 100 +# default");
    TestConfig again =
        read(List.of(), Map.of("SIGNALBOX_ADMIN_KEY", "a-secret-key"), file(printed)).settings();
    assertThat(again).isEqualTo(before.settings());
  }

  private static Configuration<TestConfig> read(
      List<String> flags, Map<String, String> variables, @Nullable Path file) {
    return Configuration.read(TestConfig.class, flags, variables, file);
  }

  private static List<String> faults(
      List<String> flags, Map<String, String> variables, @Nullable Path file) {
    return catchThrowableOfType(InvalidConfigException.class, () -> read(flags, variables, file))
        .faults();
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("signalbox.yaml"), yaml);
  }
}
