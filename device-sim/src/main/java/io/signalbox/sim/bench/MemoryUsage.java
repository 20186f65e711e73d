package io.signalbox.sim.bench;

import java.io.IOException;

/**
 * Memory usage of a server at one time.
 *
 * @param resident resident bytes as seen by the operating system
 * @param heap bytes of live heap objects
 */
record MemoryUsage(long resident, long heap) {
  static MemoryUsage of(ServerProcess server) throws IOException, InterruptedException {
    long heap = server.heapBytes();
    return new MemoryUsage(server.residentBytes(), heap);
  }
}
