package io.signalbox.hub;

import io.signalbox.hub.config.AddressRanges;
import io.signalbox.hub.config.Setting;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What can be set of the HTTP listener. */
public record HttpSettings(
    @Setting(
            value = "8080",
            range = "0..65535",
            doc = "Port of the HTTP listener; 0 takes any free one and prints it.")
        int port,
    @Setting(
            value = "16384",
            range = "1024..1048576",
            doc = "Largest header of a request, in bytes; a larger one is answered 431.")
        int maxHeaderBytes,
    @Setting(
            value = "8192",
            range = "256..65536",
            doc = "Longest request line, in bytes; a longer one is answered 414.")
        int maxRequestLineBytes,
    @Setting(
            value = "10s",
            range = "100ms..1m",
            doc =
                "Longest time that the head of a request may take to arrive once it has begun;"
                    + " a slower one is answered 408.")
        Duration headTimeout,
    @Setting(
            value = "100",
            range = "1..10000",
            doc = "Most requests under way at a time on one HTTP/2 connection.")
        int maxStreams,
    @Setting(
            doc =
                "PEM file with the certificate and its chain. With it and http.tlsKey the listener"
                    + " speaks TLS only. A changed file is taken up within a minute.")
        @Nullable Path tlsCertificate,
    @Setting(doc = "PEM file with the certificate's private key (PKCS #8).") @Nullable Path tlsKey,
    @Setting(
            doc =
                "Addresses and networks of the proxies in front of the hub, separated by commas."
                    + " Only from them do Forwarded, X-Forwarded-For, -Proto and -Host and the"
                    + " PROXY protocol (v1, v2) say who the client is; from everybody else they"
                    + " count for nothing.")
        @Nullable AddressRanges trustedProxies,
    @Setting(
            value = "90s",
            range = "65s..1h",
            doc =
                "A plain HTTP connection without traffic is closed after this time; longer than any"
                    + " poll is held.")
        Duration idleTimeout) {
  /** The trusted proxies; nobody, if none are named. */
  public AddressRanges proxies() {
    return trustedProxies == null ? AddressRanges.NONE : trustedProxies;
  }
}
