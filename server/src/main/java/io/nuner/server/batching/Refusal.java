package io.nuner.server.batching;

import java.util.Locale;
import java.util.Map;

/**
 * Why a text gets no entities, and what its caller is told. Immutable.
 *
 * @param reason the kind
 * @param field path of the offending field, such as {@code labels[2]}; empty if there is none
 * @param rule one sentence that names the limit, never the value; of a field without its path
 * @param hintNanos {@link Rejection#OVERLOADED}: when trying again may help; {@link Rejection#UNMEETABLE}: how long the
 *     answer would take; otherwise zero
 * @param fact the numbers, for programs
 */
public record Refusal(Rejection reason, String field, String rule, long hintNanos, Fact fact) implements Admission {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final Fact NONE = new Nothing();

    /** A refusal in the reason's own words, without a hint. */
    public static Refusal of(Rejection reason) {
        return of(reason, 0);
    }

    /** A refusal in the reason's own words. */
    public static Refusal of(Rejection reason, long hintNanos) {
        if (reason != Rejection.UNMEETABLE) {
            return new Refusal(reason, "", reason.sentence(), hintNanos, NONE);
        }
        long millis = millis(hintNanos);
        String sentence = reason.sentence() + ": it would take about " + millis + " ms";
        return new Refusal(reason, "", sentence, hintNanos, new Estimate(millis));
    }

    /** A refusal in the reason's own words, with numbers. */
    public static Refusal of(Rejection reason, Fact fact) {
        return saying(reason, reason.sentence(), fact);
    }

    /** A refusal in other words. */
    public static Refusal saying(Rejection reason, String sentence) {
        return saying(reason, sentence, NONE);
    }

    /** A refusal in other words, with numbers. */
    public static Refusal saying(Rejection reason, String sentence, Fact fact) {
        return new Refusal(reason, "", sentence, 0, fact);
    }

    /** A field breaks a rule. */
    public static Refusal invalid(String field, String rule) {
        return new Refusal(Rejection.INVALID, field, rule, 0, NONE);
    }

    /** A field holds too much. */
    public static Refusal excess(Rejection reason, String field, String rule, Excess excess) {
        return new Refusal(reason, field, rule, 0, excess);
    }

    /** What people read: the field's path, if there is one, and the rule. */
    public String message() {
        return field.isEmpty() ? rule : field + " " + rule;
    }

    /** The hint in milliseconds, at least 1. */
    public long hintMillis() {
        return millis(hintNanos);
    }

    private static long millis(long nanos) {
        return Math.max(1, nanos / NANOS_PER_MILLI);
    }

    /** The numbers of a refusal. Immutable. */
    public sealed interface Fact {
        /** The same as the metadata of an error: names as in {@code errors.proto}. */
        Map<String, String> metadata();
    }

    /** What is counted. */
    public enum Unit {
        WORDS,
        TOKENS,
        BYTES,
        ENTITIES;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** No number. */
    private record Nothing() implements Fact {
        @Override
        public Map<String, String> metadata() {
            return Map.of();
        }
    }

    /** How long the answer would take. */
    private record Estimate(long millis) implements Fact {
        @Override
        public Map<String, String> metadata() {
            return Map.of("estimate_ms", Long.toString(millis));
        }
    }

    /**
     * How much there is, and how much there may be.
     *
     * @param count more than the limit
     * @param limit the most
     * @param unit of both
     */
    public record Excess(long count, long limit, Unit unit) implements Fact {
        @Override
        public Map<String, String> metadata() {
            return Map.of("count", Long.toString(count), "limit", Long.toString(limit), "unit", unit.word());
        }
    }

    /**
     * How much there may be; how much there is, nobody counted.
     *
     * @param most the limit
     */
    public record Limit(long most, Unit unit) implements Fact {
        @Override
        public Map<String, String> metadata() {
            return Map.of("limit", Long.toString(most), "unit", unit.word());
        }
    }

    /**
     * How far a stream of texts was read: all these are answered.
     *
     * @param requests number of requests
     */
    public record Read(long requests) implements Fact {
        @Override
        public Map<String, String> metadata() {
            return Map.of("requests_read", Long.toString(requests));
        }
    }

    /**
     * How far a document is done.
     *
     * @param until offset in the unit of the request
     */
    public record Safe(long until) implements Fact {
        @Override
        public Map<String, String> metadata() {
            return Map.of("safe_until", Long.toString(until));
        }
    }
}
