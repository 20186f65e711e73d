/**
 * Frames and payloads to model and back: JSON, CBOR and SenML from devices, frames to them, the
 * JSON of the API and of live events, problem documents.
 *
 * <p>In: bytes of one whole frame or body. Out: model records, or a {@link
 * io.signalbox.hub.model.Refusal} that names the position or the field at fault; nothing else is
 * ever thrown. Everything here is stateless and may be called on any thread.
 */
@NullMarked
package io.signalbox.hub.wire;

import org.jspecify.annotations.NullMarked;
