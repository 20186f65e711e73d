/**
 * Lossless codecs for readings: blocks of one series as chunk bodies, and the values of journal
 * entries. Pure computation without files or threads.
 */
@NullMarked
package io.signalbox.hub.store.telemetry.codec;

import org.jspecify.annotations.NullMarked;
