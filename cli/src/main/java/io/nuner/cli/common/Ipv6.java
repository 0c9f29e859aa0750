package io.nuner.cli.common;

import java.util.List;

/** The written form of IPv6 addresses (RFC 4291, section 2.2), without zones. Any thread. */
final class Ipv6 {
    private static final int GROUPS = 8;
    private static final int GROUP_DIGITS = 4;
    private static final int IPV4_PARTS = 4;
    private static final int MAX_BYTE = 255;

    private Ipv6() {}

    /** True for such an address, without brackets. */
    static boolean isAddress(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, true) == GROUPS;
        }
        int before = groups(text.substring(0, gap), false);
        int after = groups(text.substring(gap + 2), true);
        return before >= 0 && after >= 0 && before + after < GROUPS;
    }

    /** Number of groups of 16 bits; negative if the text is no list of groups. An IPv4 address counts as two, at the end only. */
    private static int groups(String text, boolean mayEndWithIpv4) {
        if (text.isEmpty()) {
            return 0;
        }
        List<String> groups = List.of(text.split(":", -1));
        String last = groups.get(groups.size() - 1);
        boolean ipv4 = mayEndWithIpv4 && isIpv4(last);
        List<String> plain = ipv4 ? groups.subList(0, groups.size() - 1) : groups;
        return plain.stream().allMatch(Ipv6::isGroup) ? plain.size() + (ipv4 ? 2 : 0) : -GROUPS;
    }

    private static boolean isGroup(String text) {
        return !text.isEmpty()
                && text.length() <= GROUP_DIGITS
                && text.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
    }

    private static boolean isIpv4(String text) {
        List<String> parts = List.of(text.split("\\.", -1));
        return parts.size() == IPV4_PARTS && parts.stream().allMatch(Ipv6::isByte);
    }

    private static boolean isByte(String text) {
        return !text.isEmpty()
                && text.length() <= 3
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(text) <= MAX_BYTE;
    }
}
