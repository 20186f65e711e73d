package io.signalbox.hub.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * IP addresses and networks in CIDR notation, such as {@code 10.0.0.0/8, ::1}. An IPv4 address
 * matches in its IPv4 form only, even if it arrives mapped into IPv6. Immutable.
 */
public final class AddressRanges {
  /** The empty set. */
  public static final AddressRanges NONE = new AddressRanges(List.of());

  /** The leading bits of an address. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Range(byte[] address, int bits) {
    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int at = 0; at < bits; at += 8) {
        int mask = bits - at >= 8 ? 0xFF : 0xFF << (8 - bits + at);
        if (((address[at / 8] ^ other[at / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }

    Range network() {
      byte[] network = address.clone();
      for (int bit = bits; bit < network.length * 8; bit++) {
        network[bit / 8] &= (byte) ~(0x80 >> bit % 8);
      }
      return new Range(network, bits);
    }

    @Override
    public String toString() {
      return AddressRanges.text(address) + (bits == address.length * 8 ? "" : "/" + bits);
    }
  }

  private final List<Range> ranges;

  private AddressRanges(List<Range> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  /**
   * Parses a list separated by commas or spaces.
   *
   * @throws IllegalArgumentException with the invalid part and the reason
   */
  public static AddressRanges of(String text) {
    List<Range> ranges = new ArrayList<>();
    for (String part : text.strip().split("[\\s,]+", -1)) {
      ranges.add(range(part));
    }
    return new AddressRanges(ranges);
  }

  private static Range range(String part) {
    int slash = part.indexOf('/');
    byte[] address = bytes(slash < 0 ? part : part.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException(
          "'%s' is not an IP address or network; expected for example 10.0.0.0/8".formatted(part));
    }
    int most = address.length * 8;
    int bits = slash < 0 ? most : prefix(part.substring(slash + 1));
    if (bits < 0 || bits > most) {
      throw new IllegalArgumentException(
          "the prefix length of '%s' is invalid; expected 0..%d".formatted(part, most));
    }
    Range range = new Range(address, bits);
    if (!range.toString().equals(range.network().toString())) {
      throw new IllegalArgumentException(
          "'%s' has bits set after its prefix; expected %s".formatted(part, range.network()));
    }
    return range;
  }

  private static int prefix(String digits) {
    return digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : -1;
  }

  /** The bytes of an address literal; null for a name or anything else. */
  private static byte @Nullable [] bytes(String literal) {
    boolean zoned = literal.indexOf('%') >= 0 || literal.indexOf('[') >= 0;
    byte[] bytes = zoned ? null : NetUtil.createByteArrayFromIpAddressString(literal);
    return bytes == null ? null : address(bytes).getAddress();
  }

  private static InetAddress address(byte[] bytes) {
    try {
      // Converts an IPv4 address that is mapped into IPv6 to IPv4.
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String text(byte[] address) {
    return NetUtil.toAddressString(address(address));
  }

  /** Whether the set is empty. */
  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Whether the address equals one of these or lies in one of these networks. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    for (Range range : ranges) {
      if (range.contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  /** The notation that {@link #of} parses. */
  @Override
  public String toString() {
    return ranges.stream().map(Range::toString).collect(Collectors.joining(", "));
  }
}
