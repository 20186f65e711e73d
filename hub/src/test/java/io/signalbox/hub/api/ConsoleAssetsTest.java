package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.http.Gzip;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.ResponseHeaders;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleAssetsTest {
  private static final String SCRIPT = "/assets/app-3f2a9c1b.js";
  private static final ClassLoader TESTS = ConsoleAssetsTest.class.getClassLoader();

  private final ConsoleAssets console = ConsoleAssets.under("test-console", TESTS);

  @Test
  void the_root_is_the_index_and_is_revalidated_each_time() {
    Response index = find("/", true);

    assertThat(index.headers())
        .containsEntry("Content-Type", "text/html; charset=utf-8")
        .containsEntry("Cache-Control", "no-cache")
        .containsEntry("Content-Security-Policy", ResponseHeaders.CONSOLE_POLICY)
        .containsEntry("Vary", "Accept-Encoding")
        .containsKey("ETag");
    assertThat(text(index)).contains("A console");
  }

  @Test
  void files_with_a_hash_in_their_names_are_cached_for_ever() {
    Response script = find(SCRIPT, false);

    assertThat(script.headers())
        .containsEntry("Content-Type", "text/javascript; charset=utf-8")
        .containsEntry("Cache-Control", "public, max-age=31536000, immutable");
  }

  @Test
  void a_console_path_serves_the_index_page_to_browsers() {
    assertThat(text(find("/devices/pump-7", true))).contains("A console");
    assertThat(console.find("/devices/pump-7", false, false)).isNull();
    assertThat(console.find("/assets/gone-00000000.js", true, false)).isNull();
  }

  @Test
  void no_path_escapes_the_asset_folder() {
    for (String path :
        new String[] {"/../openapi.json", "/openapi.json", "//etc/passwd", "/assets"}) {
      assertThat(console.find(path, false, false)).as(path).isNull();
    }
  }

  @Test
  void a_gzip_response_has_its_own_tag() throws IOException {
    Response plain = find(SCRIPT, false);
    Response packed = Objects.requireNonNull(console.find(SCRIPT, false, true));

    assertThat(packed.headers()).containsEntry("Content-Encoding", "gzip");
    assertThat(packed.headers().get("ETag")).isNotEqualTo(plain.headers().get("ETag"));
    byte[] unpacked =
        new GZIPInputStream(new ByteArrayInputStream(bytes(packed).getBytes())).readAllBytes();
    assertThat(unpacked).isEqualTo(bytes(plain).getBytes());
  }

  @Test
  void gzip_is_sent_only_if_accepted() {
    assertThat(Gzip.isAccepted("gzip, deflate, br")).isTrue();
    assertThat(Gzip.isAccepted("br;q=1.0, *;q=0.5")).isTrue();
    assertThat(Gzip.isAccepted("gzip;q=0")).isFalse();
    assertThat(Gzip.isAccepted("identity")).isFalse();
    assertThat(Gzip.isAccepted(null)).isFalse();
  }

  @Test
  void the_files_are_also_found_in_a_jar(@TempDir Path directory) throws IOException {
    Path jar = directory.resolve("console.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(new JarEntry("packed-console/index.html"));
      out.write("<title>Packed</title>".getBytes(StandardCharsets.UTF_8));
      out.putNextEntry(new JarEntry("packed-console/assets/a-1.css"));
      out.write("p{}".getBytes(StandardCharsets.UTF_8));
    }

    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
      ConsoleAssets packed = ConsoleAssets.under("packed-console", loader);

      assertThat(text(packed.find("/", true, false))).contains("Packed");
      assertThat(text(packed.find("/assets/a-1.css", false, false))).isEqualTo("p{}");
    }
  }

  @Test
  void a_hub_without_a_console_serves_an_explanation() {
    ConsoleAssets none = ConsoleAssets.under("no-such-console", TESTS);

    assertThat(text(none.find("/", true, false))).contains("built without its console");
  }

  private Response find(String path, boolean wantsPage) {
    return Objects.requireNonNull(console.find(path, wantsPage, false));
  }

  private static String text(@Nullable Response answer) {
    return bytes(Objects.requireNonNull(answer)).toString();
  }

  private static Buffer bytes(Response answer) {
    return answer.content() instanceof Response.Whole whole ? whole.bytes() : Buffer.buffer();
  }
}
