package io.signalbox.hub.feed;

import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.http.auth.HttpAuthenticator;

/** Dependencies that the feed clients of all event loops share. */
public record FeedContext(
    EventFeed feed,
    DeviceRegistry registry,
    HttpAuthenticator authenticator,
    FeedSettings settings,
    FeedMetrics metrics) {}
