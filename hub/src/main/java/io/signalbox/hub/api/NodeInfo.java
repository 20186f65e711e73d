package io.signalbox.hub.api;

/**
 * Which hub this is.
 *
 * @param name as timelines show it
 * @param version of the program
 */
public record NodeInfo(String name, String version) {}
