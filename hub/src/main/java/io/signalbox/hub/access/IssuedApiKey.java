package io.signalbox.hub.access;

/** A newly created key with its secret text, which is not stored and cannot be retrieved again. */
public record IssuedApiKey(ApiKey entry, String key) {}
