package io.signalbox.hub.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import io.signalbox.hub.config.AddressRanges;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The client is the right-most address that is not a trusted proxy; addresses that it forged are
 * ignored.
 */
class ForwardedHeadersTest {
  private static final AddressRanges TRUSTED = AddressRanges.of("10.0.0.0/8, 2001:db8:ff::/48");

  private static RequestSource client(String... namesAndValues) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return ForwardedHeaders.client(headers, nearest(), TRUSTED);
  }

  private static RequestSource nearest() {
    try {
      byte[] address = NetUtil.createByteArrayFromIpAddressString("10.0.0.1");
      return RequestSource.of(InetAddress.getByAddress(address), 5_000);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.7 | 192.0.2.7",
        "6.6.6.6, 192.0.2.7 | 192.0.2.7",
        "6.6.6.6, 192.0.2.7, 10.0.0.3, 10.9.9.9 | 192.0.2.7",
        "10.0.0.3,10.9.9.9 | 10.0.0.3",
        "192.0.2.7:4711 | 192.0.2.7:4711",
        "2001:db8::7 | [2001:db8::7]",
        "[2001:db8::7]:4711 | [2001:db8::7]:4711",
        "[2001:db8::7] | [2001:db8::7]",
        "192.0.2.7, 2001:db8:ff::9 | 192.0.2.7",
        "::ffff:192.0.2.7 | 192.0.2.7",
        "192.0.2.7, unknown | 10.0.0.1:5000",
        "192.0.2.7, unknown, 10.0.0.3 | 10.0.0.3",
        "unknown, 192.0.2.7 | 192.0.2.7",
        "192.0.2.7, | 10.0.0.1:5000",
        "192.0.2.7:99999 | 192.0.2.7",
        "<script> | 10.0.0.1:5000",
      })
  void the_client_is_found_in_x_forwarded_for(String value, String address) {
    assertThat(client("X-Forwarded-For", value).address()).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for=192.0.2.7 | 192.0.2.7",
        "For=\"192.0.2.7:4711\" | 192.0.2.7:4711",
        "for=\"[2001:db8::7]:4711\";by=10.0.0.1 | [2001:db8::7]:4711",
        "for=6.6.6.6, for=192.0.2.7;proto=https, for=10.0.0.3 | 192.0.2.7",
        "for=192.0.2.7, for=_hidden | 10.0.0.1:5000",
        "for=192.0.2.7, for=\"_a,b;for=6.6.6.6\" | 10.0.0.1:5000",
        "for=\"192.0.2.7:_obfuscated\" | 192.0.2.7",
        "proto=https | 10.0.0.1:5000",
        "\"for=6.6.6.6 | 10.0.0.1:5000",
        "for=\"192.0.2\\.7\" | 192.0.2.7",
      })
  void the_client_is_found_in_forwarded(String value, String address) {
    assertThat(client("Forwarded", value).address()).isEqualTo(address);
  }

  @Test
  void a_list_may_be_split_into_several_lines() {
    RequestSource client =
        client("X-Forwarded-For", "6.6.6.6", "X-Forwarded-For", "192.0.2.7, 10.0.0.3");

    assertThat(client.address()).isEqualTo("192.0.2.7");
  }

  @Test
  void scheme_and_host_are_those_of_the_proxy_next_to_the_client() {
    RequestSource client =
        client(
            "Forwarded",
            "for=6.6.6.6;proto=http;host=evil.example,"
                + " for=192.0.2.7;proto=https;host=\"hub.lan:8443\","
                + " for=10.0.0.3;proto=http;host=inner");

    assertThat(client).isEqualTo(new RequestSource("192.0.2.7", 0, "https", "hub.lan:8443"));
  }

  @Test
  void lists_of_the_x_headers_are_read_from_the_right_as_well() {
    RequestSource client =
        client(
            "X-Forwarded-For", "6.6.6.6, 192.0.2.7, 10.0.0.3",
            "X-Forwarded-Proto", "gopher, https, http",
            "X-Forwarded-Host", "evil.example, hub.lan, inner");

    assertThat(client).isEqualTo(new RequestSource("192.0.2.7", 0, "https", "hub.lan"));
  }

  @Test
  void a_scheme_and_a_host_without_a_list_apply_to_the_client() {
    RequestSource both =
        client(
            "X-Forwarded-For", "192.0.2.7, 10.0.0.3",
            "X-Forwarded-Proto", "HTTPS",
            "X-Forwarded-Host", "hub.lan");

    assertThat(both).isEqualTo(new RequestSource("192.0.2.7", 0, "https", "hub.lan"));
    assertThat(client("X-Forwarded-Proto", "https"))
        .isEqualTo(new RequestSource("10.0.0.1", 5_000, "https", null));
    assertThat(client("X-Forwarded-Proto", "wss", "X-Forwarded-For", "192.0.2.7").scheme())
        .isEqualTo("https");
    assertThat(client("X-Forwarded-Proto", "gopher").scheme()).isNull();
  }

  @Test
  void without_any_header_the_proxy_itself_is_the_client() {
    assertThat(client()).isEqualTo(nearest());
  }

  @Test
  void both_kinds_of_headers_are_used_if_they_agree() {
    RequestSource client =
        client(
            "Forwarded", "for=192.0.2.7",
            "X-Forwarded-For", "192.0.2.7",
            "X-Forwarded-Proto", "https");

    assertThat(client).isEqualTo(new RequestSource("192.0.2.7", 0, "https", null));
  }

  @Test
  void two_kinds_of_headers_that_disagree_are_both_ignored() {
    assertThat(client("Forwarded", "for=6.6.6.6", "X-Forwarded-For", "192.0.2.7"))
        .isEqualTo(nearest());
    assertThat(client("Forwarded", "for=192.0.2.7", "X-Forwarded-For", "6.6.6.6"))
        .isEqualTo(nearest());
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.9:6011, 10.0.0.9",
    "10.0.0.9, 10.0.0.9",
    "'[2001:db8::1]:6011', '[2001:db8::1]'",
    "'[2001:db8::1]', '[2001:db8::1]'",
  })
  void an_address_has_a_host_and_a_port_if_known(String address, String host) {
    assertThat(RequestSource.hostOf(address)).isEqualTo(host);
  }
}
