package io.signalbox.sim.bench;

import java.io.IOException;

/**
 * How much memory a server uses at one time.
 *
 * @param resident bytes, as the operating system sees it
 * @param heap bytes of all objects that are in use
 */
record Memory(long resident, long heap) {
  static Memory of(Measured server) throws IOException, InterruptedException {
    long heap = server.heapBytes();
    return new Memory(server.residentBytes(), heap);
  }
}
