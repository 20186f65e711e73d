/**
 * Typed settings: a room says what can be set as a record of {@link
 * io.signalbox.hub.config.Setting}s, and flags, {@code SIGNALBOX_…} variables and a YAML file fill
 * it. In come the command line and the environment; out go one immutable record, the account of
 * where each value came from, and the reference that help and documentation are made of. Knows
 * nothing of the house. Threading: used once, at start; what comes out is immutable.
 */
@NullMarked
package io.signalbox.hub.config;

import org.jspecify.annotations.NullMarked;
