/**
 * Flight recorder: the latest events of each device, for explanations. Input: events from the
 * gateway, at any time and on any thread. Output: the entries of a device, newest first. Port:
 * {@link io.signalbox.hub.recorder.RecorderStore}. Callers never wait for a write.
 */
@NullMarked
package io.signalbox.hub.recorder;

import org.jspecify.annotations.NullMarked;
