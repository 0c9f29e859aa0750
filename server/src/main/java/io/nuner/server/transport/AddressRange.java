package io.nuner.server.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Addresses that begin with the same bits, such as {@code 10.0.0.0/8}, {@code fd00::/8} or one alone. Immutable. */
public final class AddressRange {
    private final byte[] base;
    private final int bits;

    private AddressRange(byte[] base, int bits) {
        this.base = base;
        this.bits = bits;
    }

    /**
     * Reads {@code ADDRESS} or {@code ADDRESS/BITS}; never asks a name server.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash), text);
        int all = address.length * Byte.SIZE;
        int bits = slash < 0 ? all : bits(text.substring(slash + 1), all, text);
        return new AddressRange(address, bits);
    }

    private static byte[] address(String literal, String text) {
        boolean numeric = !literal.isEmpty()
                && (literal.indexOf(':') >= 0 || literal.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9')));
        try {
            if (numeric) {
                return InetAddress.getByName(literal).getAddress();
            }
        } catch (UnknownHostException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private static int bits(String digits, int most, String text) {
        try {
            int bits = Integer.parseInt(digits);
            if (bits >= 0 && bits <= most) {
                return bits;
            }
        } catch (NumberFormatException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("an address or ADDRESS/BITS is needed, but was " + text);
    }

    /** Whether that address is one of them. */
    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        return other.length == base.length && Arrays.equals(prefix(other, bits), prefix(base, bits));
    }

    /** The address with all but its first bits cleared. */
    static byte[] prefix(byte[] address, int bits) {
        byte[] prefix = address.clone();
        for (int i = 0; i < prefix.length; i++) {
            int kept = Math.max(0, Math.min(Byte.SIZE, bits - i * Byte.SIZE));
            prefix[i] &= (byte) (0xff << (Byte.SIZE - kept));
        }
        return prefix;
    }
}
