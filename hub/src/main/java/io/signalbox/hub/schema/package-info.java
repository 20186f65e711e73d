/**
 * JSON Schema 2020-12 for values that clients send. Input: schemas written by people, which may be
 * hostile, and values. Output: a {@link io.signalbox.hub.schema.JsonSchema}, or a refusal with
 * every fault; the faults of a value.
 *
 * <p>The work is bounded: a schema in size, depth, patterns and references when it is compiled, a
 * validation in steps. Patterns are matched in linear time. Threading: any thread; compiling takes
 * milliseconds and belongs on a worker.
 */
@NullMarked
package io.signalbox.hub.schema;

import org.jspecify.annotations.NullMarked;
