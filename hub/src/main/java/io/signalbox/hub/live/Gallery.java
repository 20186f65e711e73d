package io.signalbox.hub.live;

import io.signalbox.hub.admission.Credentials;
import io.signalbox.hub.fleet.Registry;

/** What the viewers of all event loops share. */
public record Gallery(
    Feed feed, Registry registry, Credentials credentials, LiveSettings settings, Tally tally) {}
