/**
 * Links over HTTP: short poll, long poll, server-sent events with POST, and the adaptive exchange.
 * Each device has its own persistent connections, like a real device.
 */
@NullMarked
package io.signalbox.sim.http;

import org.jspecify.annotations.NullMarked;
