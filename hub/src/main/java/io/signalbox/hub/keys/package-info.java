/**
 * Keys that devices and programs prove themselves with: making them, hashing them, and remembering
 * for a while whose they are. Known to {@code fleet} and {@code access}; knows nothing.
 */
@NullMarked
package io.signalbox.hub.keys;

import org.jspecify.annotations.NullMarked;
