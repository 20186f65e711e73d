package io.signalbox.sim.bench;

import java.io.IOException;

/**
 * How much memory a server uses at one time.
 *
 * @param resident bytes, as the operating system sees it
 * @param heap bytes of all objects that are in use
 */
record MemoryUsage(long resident, long heap) {
  static MemoryUsage of(ServerProcess server) throws IOException, InterruptedException {
    long heap = server.heapBytes();
    return new MemoryUsage(server.residentBytes(), heap);
  }
}
