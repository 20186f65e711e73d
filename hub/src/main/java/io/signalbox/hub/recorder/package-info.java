/**
 * What happened to each device lately, kept so that a person can be told why. In come notes from
 * the doors, at any time and from any thread; out go a device's notes, newest first. Owns the port
 * {@link io.signalbox.hub.recorder.RecorderStore}. Nobody ever waits for a note to be written.
 */
@NullMarked
package io.signalbox.hub.recorder;

import org.jspecify.annotations.NullMarked;
