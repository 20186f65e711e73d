/**
 * What makes several hubs on one Redis one system: the bridge between the streams of events in
 * Redis and the feed and the topics of this node.
 */
@NullMarked
package io.signalbox.hub.cluster;

import org.jspecify.annotations.NullMarked;
