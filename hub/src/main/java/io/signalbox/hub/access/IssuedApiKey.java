package io.signalbox.hub.access;

/** A key that has just been made, with its text, which is not kept and cannot be had again. */
public record IssuedApiKey(ApiKey entry, String key) {}
