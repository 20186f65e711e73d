/**
 * Links to the hub's device door by plain HTTP: short poll, long poll, server-sent events with
 * POST, and the adaptive exchange. Each device has connections of its own, kept alive as its own
 * would be.
 */
@NullMarked
package io.signalbox.sim.http;

import org.jspecify.annotations.NullMarked;
