/**
 * Keys of devices and programs: generation, hashing, and a cache of their owners. Used by {@code
 * fleet} and {@code access}; depends on no other package. Any thread may call.
 */
@NullMarked
package io.signalbox.hub.keys;

import org.jspecify.annotations.NullMarked;
