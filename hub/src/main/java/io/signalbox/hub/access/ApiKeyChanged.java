package io.signalbox.hub.access;

/** An API key was stored or deleted, so that what is remembered of it no longer holds. */
public record ApiKeyChanged(String id) {}
