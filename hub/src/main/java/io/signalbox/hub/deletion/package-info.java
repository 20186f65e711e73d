/**
 * Deletes devices: in the registry, and then everything that other stores keep of them, also when
 * one of them refuses or the hub is killed on the way.
 */
@NullMarked
package io.signalbox.hub.deletion;

import org.jspecify.annotations.NullMarked;
