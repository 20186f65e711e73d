package io.signalbox.sim;

import picocli.CommandLine.IVersionProvider;

/** Version from the jar's manifest. */
final class SimVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = SimVersion.class.getPackage().getImplementationVersion();
    return new String[] {"signalbox sim " + (version == null ? "(from source)" : version)};
  }
}
