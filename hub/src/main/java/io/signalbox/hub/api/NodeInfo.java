package io.signalbox.hub.api;

/**
 * Identity of this hub.
 *
 * @param name name of the node in timelines
 * @param version version of the program
 */
public record NodeInfo(String name, String version) {}
