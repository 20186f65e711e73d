package io.signalbox.hub;

import io.signalbox.hub.config.AddressRanges;
import io.signalbox.hub.config.Setting;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Settings of the HTTP listener. */
public record HttpSettings(
    @Setting(
            value = "8080",
            range = "0..65535",
            doc = "Port of the HTTP listener; 0 picks a free port and prints it.")
        int port,
    @Setting(
            value = "16384",
            range = "1024..1048576",
            doc = "Maximum size of a request header, in bytes; larger ones get 431.")
        int maxHeaderBytes,
    @Setting(
            value = "8192",
            range = "256..65536",
            doc = "Maximum length of a request line, in bytes; longer ones get 414.")
        int maxRequestLineBytes,
    @Setting(
            value = "10s",
            range = "100ms..1m",
            doc =
                "Maximum time from the first byte of a request header to its last; slower"
                    + " requests get 408.")
        Duration headerTimeout,
    @Setting(
            value = "100",
            range = "1..10000",
            doc = "Maximum number of concurrent requests per HTTP/2 connection.")
        int maxConcurrentStreams,
    @Setting(
            doc =
                "PEM file with the certificate and its chain. With it and http.tlsKey the listener"
                    + " accepts TLS only. Changed files are loaded within half a minute.")
        @Nullable Path tlsCertificate,
    @Setting(doc = "PEM file with the certificate's private key (PKCS #8).") @Nullable Path tlsKey,
    @Setting(
            doc =
                "Addresses and networks of the proxies in front of the hub, separated by commas."
                    + " Forwarded, X-Forwarded-For, -Proto and -Host and the PROXY protocol (v1,"
                    + " v2) are accepted from these addresses only.")
        @Nullable AddressRanges trustedProxies,
    @Setting(
            value = "90s",
            range = "65s..1h",
            doc =
                "A plain HTTP connection without traffic is closed after this time; longer than any"
                    + " poll is held.")
        Duration idleTimeout) {
  /** The trusted proxies; empty if none are configured. */
  public AddressRanges proxies() {
    return trustedProxies == null ? AddressRanges.NONE : trustedProxies;
  }
}
