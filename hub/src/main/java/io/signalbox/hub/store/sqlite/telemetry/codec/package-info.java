/**
 * How readings become bytes and come back bit by bit: blocks of one series as chunk bodies, and the
 * values of journal entries. Pure computation, no files, no threads.
 */
@NullMarked
package io.signalbox.hub.store.sqlite.telemetry.codec;

import org.jspecify.annotations.NullMarked;
