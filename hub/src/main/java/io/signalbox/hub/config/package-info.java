/**
 * Typed settings. Each package declares its settings as a record of {@link
 * io.signalbox.hub.config.Setting}s; flags, {@code SIGNALBOX_…} variables and a YAML file provide
 * the values. Input: command line, environment and file. Output: one immutable record, the origin
 * of each value, and the reference for help and documentation. Depends on no other package of the
 * hub but JSON. Threading: used once, on the main thread at the start.
 */
@NullMarked
package io.signalbox.hub.config;

import org.jspecify.annotations.NullMarked;
