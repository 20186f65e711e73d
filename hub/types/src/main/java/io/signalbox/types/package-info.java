/**
 * {@code ./signalbox types}: exports the device types of a running hub to files and imports them,
 * over the hub's REST API. Input: files of device types, Thing Models, DTDL interfaces; output: the
 * same files, requests to the hub, differences as text. Depends on no class of the hub.
 *
 * <p>Threading: everything runs on the main thread.
 */
@NullMarked
package io.signalbox.types;

import org.jspecify.annotations.NullMarked;
