/**
 * The words everybody speaks: records, sealed types, enums and the table of refusals. Plain Java,
 * knows nothing else.
 */
@NullMarked
package io.signalbox.hub.model;

import org.jspecify.annotations.NullMarked;
