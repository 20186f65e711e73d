package io.signalbox.hub.websocket;

/**
 * What holds for every connection of a door.
 *
 * @param heartbeatSeconds after one heartbeat of silence the peer is pinged, after two the
 *     connection is closed
 * @param maxMessageBytes the largest message, in one frame or in fragments
 * @param closeSeconds how long the peer has for its part of the closing handshake
 */
public record WebSocketSettings(int heartbeatSeconds, int maxMessageBytes, int closeSeconds) {}
