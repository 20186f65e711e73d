package io.signalbox.hub.api;

import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.ResponseHeaders;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The console's files, from {@code console/} on the classpath, kept in memory plain and compressed:
 * a few hundred kilobytes. Only listed files are served, so no path can escape the folder. Files of
 * {@code assets/} have a content hash in their names and are cached for ever; others are
 * revalidated each time. A path that is not a file is a page of the console and returns its {@code
 * index.html}.
 *
 * <p>Threading: immutable, any thread.
 */
final class ConsoleAssets {
  private static final String INDEX = "index.html";
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"));

  /** Types that are compressed already. */
  private static final String PACKED = "png ico woff2";

  /** A file as it is sent; {@code compressed} is null if it would not be smaller. */
  private record Asset(String type, Buffer plain, @Nullable Buffer compressed, String tag) {}

  private final Map<String, Asset> assets;

  private ConsoleAssets(Map<String, Asset> assets) {
    this.assets = assets;
  }

  /** The files below the folder of a classpath; if there are none, a page that explains it. */
  static ConsoleAssets under(String folder, ClassLoader classpath) {
    Map<String, Asset> assets = new HashMap<>();
    URL index = classpath.getResource(folder + "/" + INDEX);
    try {
      if (index == null) {
        assets.put(INDEX, asset(INDEX, missing()));
      } else {
        collect(index.toURI(), folder, assets);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException("reading the console's files failed", unreadable);
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
    return new ConsoleAssets(Map.copyOf(assets));
  }

  private static byte[] missing() throws IOException {
    try (var page = ConsoleAssets.class.getResourceAsStream("no-console.html")) {
      return page == null ? new byte[0] : page.readAllBytes();
    }
  }

  private static void collect(URI index, String folder, Map<String, Asset> assets)
      throws IOException {
    if (index.getScheme().equals("jar")) {
      try (FileSystem jar = FileSystems.newFileSystem(index, Map.of())) {
        collect(jar.getPath("/" + folder), assets);
      }
    } else {
      collect(Path.of(index).getParent(), assets);
    }
  }

  private static void collect(@Nullable Path folder, Map<String, Asset> assets) throws IOException {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = folder.relativize(file).toString().replace('\\', '/');
        assets.put(path, asset(path, Files.readAllBytes(file)));
      }
    }
  }

  private static Asset asset(String path, byte[] bytes) throws IOException {
    String ending = path.substring(path.lastIndexOf('.') + 1);
    String type = TYPES.getOrDefault(ending, "application/octet-stream");
    byte[] small = PACKED.contains(ending) ? bytes : gzip(bytes);
    Buffer compressed = small.length < bytes.length * 9 / 10 ? Buffer.buffer(small) : null;
    return new Asset(type, Buffer.buffer(bytes), compressed, hash(bytes));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream small = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
      gzip.write(bytes);
    }
    return small.toByteArray();
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The file at a path such as {@code /assets/app-3f2a.js}; the index for a page of the console;
   * null if it is neither.
   *
   * @param wantsPage whether the client accepts HTML by name
   * @param acceptsGzip whether the client accepts gzip
   */
  @Nullable Response find(String path, boolean wantsPage, boolean acceptsGzip) {
    String name = path.substring(1);
    Asset asset = assets.get(name.isEmpty() ? INDEX : name);
    if (asset != null) {
      return answer(asset, name.startsWith("assets/") ? FOR_EVER : "no-cache", acceptsGzip);
    }
    boolean page = wantsPage && !name.startsWith("assets/");
    Asset index = assets.get(INDEX);
    return page && index != null ? answer(index, "no-cache", acceptsGzip) : null;
  }

  private static Response answer(Asset asset, String caching, boolean acceptsGzip) {
    Buffer compressed = acceptsGzip ? asset.compressed() : null;
    Response answer =
        Response.of(200, asset.type(), compressed == null ? asset.plain() : compressed)
            .withEtag(compressed == null ? asset.tag() : asset.tag() + "-gz")
            .with("Cache-Control", caching)
            .with("Vary", "Accept-Encoding")
            .with("Content-Security-Policy", ResponseHeaders.CONSOLE_POLICY);
    return compressed == null ? answer : answer.with("Content-Encoding", "gzip");
  }
}
