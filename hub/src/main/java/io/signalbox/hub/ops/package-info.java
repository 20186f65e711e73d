/**
 * What the people who run a hub look at: meters, readiness, and the words that log lines carry.
 * Everything here may be called from any thread.
 */
@NullMarked
package io.signalbox.hub.ops;

import org.jspecify.annotations.NullMarked;
