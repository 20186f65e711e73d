/**
 * Device types: what a kind of device measures, which commands it takes, what its twin looks like
 * and how it behaves. Input: documents of the API, the types' names that devices carry. Output: the
 * stored documents with their versions, {@link io.signalbox.hub.devicetype.TypeRules} that validate
 * parameters and states, and {@link io.signalbox.hub.devicetype.TelemetryRules} that check the
 * readings of devices whose type is strict. Port: {@link
 * io.signalbox.hub.devicetype.DeviceTypeStore}.
 *
 * <p>A device names its type as text. A type need not be defined; then nothing is validated.
 *
 * <p>Threading: any thread may call {@link io.signalbox.hub.devicetype.DeviceTypes}. Documents are
 * read and schemas compiled on worker threads; compiled types are cached.
 */
@NullMarked
package io.signalbox.hub.devicetype;

import org.jspecify.annotations.NullMarked;
