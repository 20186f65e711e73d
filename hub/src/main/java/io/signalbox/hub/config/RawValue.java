package io.signalbox.hub.config;

/**
 * A configured value.
 *
 * @param text as written
 * @param origin the flag, the variable or the file name
 */
record RawValue(String text, String origin) {}
