package io.signalbox.hub.websocket;

/**
 * Settings shared by all WebSocket connections of a handler.
 *
 * @param heartbeatSeconds after this time without traffic the peer is pinged, after twice the time
 *     the connection is closed
 * @param maxMessageBytes maximum size of a message, in one frame or in fragments
 * @param closeSeconds time that the peer has to complete the closing handshake
 */
public record WebSocketSettings(int heartbeatSeconds, int maxMessageBytes, int closeSeconds) {}
