package io.signalbox.hub.feed;

import io.signalbox.hub.config.Setting;

/** Settings of the event feed. */
public record FeedSettings(
    @Setting(
            value = "65536",
            range = "1024..16777216",
            doc = "Number of events that the feed keeps, so that readers can resume at a cursor.")
        int bufferEvents,
    @Setting(
            value = "64",
            range = "1..65536",
            doc =
                "Maximum memory for those events, in MiB; the limit that is reached first applies.")
        int bufferMegabytes,
    @Setting(value = "64", range = "1..1024", doc = "Maximum subscriptions per connection.")
        int subscriptionsPerConnection,
    @Setting(
            value = "30",
            range = "1..3600",
            doc =
                "Seconds between pings to a feed client; two unanswered pings close the connection."
                    + " Server-sent event streams send a comment line twice as often.")
        int heartbeatSeconds,
    @Setting(
            value = "20000",
            range = "1..1000000",
            doc =
                "Maximum number of event streams and long polls of the feed held over HTTP; more"
                    + " get 503.")
        int maxHeldRequests) {}
