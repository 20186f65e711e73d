package io.signalbox.hub.store.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A redis-server process of this machine, in a directory of its own. */
final class RedisProcess implements RedisHost {
  private final List<String> command = new ArrayList<>(List.of("redis-server"));
  private final Path directory;
  private @Nullable Process process;

  /**
   * A server that is not started.
   *
   * @param config text of the configuration file; empty for none
   */
  RedisProcess(String config, List<String> options) {
    try {
      directory = Files.createTempDirectory("redis");
      if (!config.isEmpty()) {
        command.add(Files.writeString(directory.resolve("redis.conf"), config).toString());
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    command.addAll(options);
    command.addAll(List.of("--dir", directory.toString()));
  }

  @Override
  public void launch() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
    } catch (IOException missing) {
      throw new IllegalStateException(
          "the tests of the Redis store need redis-server (Debian: apt-get install redis-server)",
          missing);
    }
  }

  @Override
  public void kill() {
    try {
      running().destroyForcibly().waitFor();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void suspend() {
    output("kill", "-STOP", Long.toString(running().pid()));
  }

  @Override
  public void resume() {
    output("kill", "-CONT", Long.toString(running().pid()));
  }

  @Override
  public String cli(String... arguments) {
    List<String> words = new ArrayList<>(List.of("redis-cli"));
    words.addAll(List.of(arguments));
    return output(words.toArray(String[]::new));
  }

  private static String output(String... words) {
    try {
      Process started = new ProcessBuilder(words).redirectErrorStream(true).start();
      return new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("the server was not started");
    }
    return process;
  }

  @Override
  public void close() {
    try {
      running().destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
