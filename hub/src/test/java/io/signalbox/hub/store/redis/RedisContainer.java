package io.signalbox.hub.store.redis;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * A Redis server in a container, on the network of this machine, so that Sentinels and the nodes of
 * a cluster find each other as processes do.
 */
final class RedisContainer implements RedisHost {
  private static final DockerImageName IMAGE = DockerImageName.parse("redis:7.0");
  private static final String CONFIG = "/data/redis.conf";
  private static final int WRITABLE = 0666;

  /** Tested once: the search for an engine takes seconds, so its socket is looked for first. */
  private static final boolean POSSIBLE = test();

  private final GenericContainer<?> container;
  private boolean created;

  /**
   * A server that is not started.
   *
   * @param config text of the configuration file; empty for none
   */
  RedisContainer(String config, List<String> options) {
    List<String> command = new ArrayList<>(List.of("redis-server"));
    container = new GenericContainer<>(IMAGE).withNetworkMode("host");
    if (!config.isEmpty()) {
      command.add(CONFIG);
      // A Sentinel writes to its configuration.
      container.withCopyToContainer(Transferable.of(config, WRITABLE), CONFIG);
    }
    options.stream()
        .filter(option -> option.startsWith("/") && Files.isRegularFile(Path.of(option)))
        .forEach(file -> container.withCopyFileToContainer(MountableFile.forHostPath(file), file));
    command.addAll(options);
    command.addAll(List.of("--dir", "/data"));
    container.withCommand(command.toArray(String[]::new));
  }

  /** Whether an engine of this machine answers, and has the image or can fetch it. */
  static boolean isPossible() {
    return POSSIBLE;
  }

  private static boolean test() {
    String named = System.getenv("DOCKER_HOST");
    boolean local =
        named == null ? Files.exists(Path.of("/var/run/docker.sock")) : named.startsWith("unix:");
    // Elsewhere the network of the engine is that of a virtual machine.
    if (!local
        || !System.getProperty("os.name").startsWith("Linux")
        || !DockerClientFactory.instance().isDockerAvailable()) {
      return false;
    }
    try {
      return !new RemoteDockerImage(IMAGE).get().isEmpty();
    } catch (ContainerFetchException offline) {
      return false;
    }
  }

  @Override
  public void launch() {
    if (created) {
      engine().startContainerCmd(container.getContainerId()).exec();
    } else {
      container.start();
      created = true;
    }
  }

  @Override
  public void kill() {
    engine().killContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void suspend() {
    engine().pauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void resume() {
    engine().unpauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public String cli(String... arguments) {
    List<String> words = new ArrayList<>(List.of("redis-cli"));
    words.addAll(List.of(arguments));
    try {
      return container.execInContainer(words.toArray(String[]::new)).getStdout();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private DockerClient engine() {
    return container.getDockerClient();
  }

  @Override
  public void close() {
    container.stop();
  }
}
