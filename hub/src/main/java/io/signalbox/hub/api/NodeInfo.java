package io.signalbox.hub.api;

import java.util.List;
import java.util.function.Supplier;

/**
 * Identity of this hub.
 *
 * @param name name of the node in timelines
 * @param version version of the program
 * @param nodes the nodes of the system, this one among them
 */
public record NodeInfo(String name, String version, Supplier<List<Node>> nodes) {
  /**
   * A node of the system.
   *
   * @param version version of its program
   * @param joined since when it is there, Unix milliseconds
   * @param heard when it was last heard of, Unix milliseconds
   * @param online number of devices that are connected to it
   * @param partitions number of partitions whose work it does
   */
  public record Node(
      String name, String version, long joined, long heard, int online, int partitions) {}
}
