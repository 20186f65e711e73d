/**
 * Domain model: records, sealed types and enums that all packages share, and the table of errors.
 * Plain immutable Java for any thread, without dependencies.
 */
@NullMarked
package io.signalbox.hub.model;

import org.jspecify.annotations.NullMarked;
