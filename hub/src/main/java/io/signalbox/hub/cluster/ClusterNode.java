package io.signalbox.hub.cluster;

/**
 * A node of the cluster, as it described itself at its last beat.
 *
 * @param name unique among the nodes
 * @param generation grows with each time that a node joins
 * @param joined Unix milliseconds, by the clock of Redis
 * @param beat when it was last heard of, Unix milliseconds, by the clock of Redis
 * @param info what it says of itself, a JSON object
 */
public record ClusterNode(String name, long generation, long joined, long beat, String info) {}
