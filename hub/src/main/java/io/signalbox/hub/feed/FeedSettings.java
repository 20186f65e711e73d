package io.signalbox.hub.feed;

import io.signalbox.hub.config.Setting;

/** What can be set of the live stream. */
public record FeedSettings(
    @Setting(
            value = "65536",
            range = "1024..16777216",
            doc = "Newest events that the feed keeps, from which a cursor can be resumed.")
        int feedEvents,
    @Setting(
            value = "64",
            range = "1..65536",
            doc =
                "Most memory for those events, in MiB; whichever of the two is reached first counts.")
        int feedMegabytes,
    @Setting(value = "64", range = "1..1024", doc = "Most subscriptions on one connection.")
        int subscriptionsPerConnection,
    @Setting(
            value = "30",
            range = "1..3600",
            doc =
                "Seconds between pings to a viewer; two that stay unanswered end the stream. A"
                    + " stream of server-sent events says something twice as often.")
        int heartbeatSeconds,
    @Setting(
            value = "20000",
            range = "1..1000000",
            doc =
                "Most event streams and polls of the feed that are held over HTTP; more are"
                    + " answered 503.")
        int held) {}
