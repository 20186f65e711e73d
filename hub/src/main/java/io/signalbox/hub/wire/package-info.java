/**
 * Codecs between bytes and the model: JSON, CBOR and SenML of devices, frames to devices, the JSON
 * of the API and of feed events, problem documents.
 *
 * <p>Decoders take the bytes of one whole frame or body and return model records or throw a {@link
 * io.signalbox.hub.model.Refusal} that names the position or the field; they throw nothing else.
 * All classes are stateless or used for one message, and can be called on any thread.
 */
@NullMarked
package io.signalbox.hub.wire;

import org.jspecify.annotations.NullMarked;
