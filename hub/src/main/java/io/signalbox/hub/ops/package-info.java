/**
 * Operations: metrics, readiness, heap growth and log configuration. Input: counters and checks of
 * other components. Output: {@code /metrics}, {@code /health/ready} and standard error. Any thread
 * may call.
 */
@NullMarked
package io.signalbox.hub.ops;

import org.jspecify.annotations.NullMarked;
