/**
 * JSON trees that keep the spelling of numbers, and merge patches (RFC 7396) on them. Pure
 * functions on immutable values; safe on any thread.
 */
@NullMarked
package io.signalbox.hub.json;

import org.jspecify.annotations.NullMarked;
