package io.signalbox.hub.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangesTest {
  /** A settings record with address ranges. */
  public record Proxies(@Setting(doc = "Who.") @Nullable AddressRanges trusted) {}

  @TempDir Path folder;

  private static boolean contains(String ranges, String address) throws UnknownHostException {
    return AddressRanges.of(ranges).contains(InetAddress.getByName(address));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "172.16.0.0/12, 172.31.255.255, true",
    "172.16.0.0/12, 172.32.0.0, false",
    "192.168.1.128/25, 192.168.1.127, false",
    "192.168.1.128/25, 192.168.1.200, true",
    "192.168.1.6/31, 192.168.1.7, true",
    "192.168.1.6/31, 192.168.1.8, false",
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, ::1, false",
    "::1, 0:0:0:0:0:0:0:1, true",
    "::1, 127.0.0.1, false",
    "2001:db8::/32, 2001:db8:ffff::1, true",
    "2001:db8::/32, 2001:db9::1, false",
    "fe80::/10, febf::1, true",
    "fe80::/10, fec0::1, false",
    "::/0, 2001:db8::1, true",
    "::ffff:10.0.0.1, 10.0.0.1, true",
    "10.0.0.1, ::ffff:10.0.0.1, true",
    "'::1, 10.0.0.0/8,192.168.0.0/16 172.17.0.1', 192.168.7.7, true",
    "'::1, 10.0.0.0/8,192.168.0.0/16 172.17.0.1', 172.17.0.1, true",
    "'::1, 10.0.0.0/8,192.168.0.0/16 172.17.0.1', 172.17.0.2, false",
  })
  void an_address_matches_by_its_leading_bits(String ranges, String address, boolean found)
      throws UnknownHostException {
    assertThat(contains(ranges, address)).isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "localhost, 'localhost' is not an IP address",
        "proxy.lan/24, 'proxy.lan/24' is not an IP address",
        "10.0.0, '10.0.0' is not an IP address",
        "fe80::1%eth0, 'fe80::1%eth0' is not an IP address",
        "[::1], '[::1]' is not an IP address",
        "10.0.0.0/33, the prefix length of '10.0.0.0/33' is invalid; expected 0..32",
        "10.0.0.0/, the prefix length of '10.0.0.0/' is invalid; expected 0..32",
        "10.0.0.0/-1, the prefix length of '10.0.0.0/-1' is invalid; expected 0..32",
        "2001:db8::/129, the prefix length of '2001:db8::/129' is invalid; expected 0..128",
        "10.0.0.1/8, '10.0.0.1/8' has bits set after its prefix; expected 10.0.0.0/8",
        "2001:db8::1/64, '2001:db8::1/64' has bits set after its prefix; expected 2001:db8::/64",
        "\"10.0.0.0/8,/8\", '/8' is not an IP address",
      })
  void an_invalid_part_is_reported_with_the_reason(String ranges, String said) {
    assertThatThrownBy(() -> AddressRanges.of(ranges))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @Test
  void a_flag_a_variable_and_a_file_set_them() throws IOException {
    Path list = folder.resolve("list.yaml");
    Files.writeString(list, "trusted:\n  - 10.0.0.0/8\n  - '::1'\n");
    Path text = folder.resolve("text.yaml");
    Files.writeString(text, "trusted: 10.0.0.0/8, ::1\n");
    Path none = folder.resolve("none.yaml");
    Files.writeString(none, "trusted: []\n");

    assertThat(read(List.of("--trusted", "10.0.0.0/8,::1"), Map.of(), null))
        .isEqualTo("10.0.0.0/8, ::1");
    assertThat(read(List.of(), Map.of("SIGNALBOX_TRUSTED", "::1"), null)).isEqualTo("::1");
    assertThat(read(List.of(), Map.of(), list)).isEqualTo("10.0.0.0/8, ::1");
    assertThat(read(List.of(), Map.of(), text)).isEqualTo("10.0.0.0/8, ::1");
    assertThat(read(List.of(), Map.of(), none)).isEqualTo("null");
  }

  private static String read(
      List<String> flags, Map<String, String> variables, @Nullable Path file) {
    return String.valueOf(
        Configuration.read(Proxies.class, flags, variables, file).settings().trusted());
  }

  @Test
  void a_fault_names_the_setting_the_part_and_the_origin() {
    assertThatThrownBy(() -> read(List.of("--trusted", "::1, 10.0.0.0/33"), Map.of(), null))
        .hasMessage(
            "trusted: the prefix length of '10.0.0.0/33' is invalid; expected 0..32 (from --trusted)");
  }
}
