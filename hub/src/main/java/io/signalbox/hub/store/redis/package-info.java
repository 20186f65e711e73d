/**
 * Redis store: the connection of this node to Redis, the names of the keys, and scripts. A
 * partition holds the data of its devices under one hash tag, so that one script changes it in one
 * step, on Redis Cluster as well.
 */
@NullMarked
package io.signalbox.hub.store.redis;

import org.jspecify.annotations.NullMarked;
