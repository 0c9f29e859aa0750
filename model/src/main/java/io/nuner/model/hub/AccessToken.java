package io.nuner.model.hub;

import java.util.Optional;

/** The secret that opens private and gated repositories, or none. It never prints itself. Immutable. */
public final class AccessToken {
    private final String secret;

    private AccessToken(String secret) {
        this.secret = secret;
    }

    /**
     * A token; blank is none.
     *
     * @throws IllegalArgumentException if it holds characters that no HTTP header can carry; the message does not show it
     */
    public static AccessToken of(String secret) {
        String trimmed = secret.strip();
        if (!trimmed.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("holds characters that a token cannot have");
        }
        return new AccessToken(trimmed);
    }

    boolean isPresent() {
        return !secret.isEmpty();
    }

    /** The value of the Authorization header. */
    Optional<String> authorization() {
        return isPresent() ? Optional.of("Bearer " + secret) : Optional.empty();
    }

    @Override
    public String toString() {
        return isPresent() ? "a token" : "no token";
    }
}
