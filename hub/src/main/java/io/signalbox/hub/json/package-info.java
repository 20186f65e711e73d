/**
 * JSON trees that keep every number as it was written, and merge patches on them: applied, and made
 * from what is and what ought to be. Pure functions on immutable values: any thread.
 */
@NullMarked
package io.signalbox.hub.json;

import org.jspecify.annotations.NullMarked;
