/**
 * Who stands at an HTTP door that is not a device's: an API key or the cookie of a signed-in person
 * goes in, a principal who holds one of the wanted scopes comes out, or a refusal. Wrong keys are
 * counted against the address they come from.
 */
@NullMarked
package io.signalbox.hub.http.auth;

import org.jspecify.annotations.NullMarked;
