package io.nuner.server.answers;

import java.time.Duration;

/**
 * How large answers may be, and how many bytes of them may be unsent: held in memory, but not yet taken by the reader's socket.
 * Immutable.
 *
 * <p>An answer of more than {@code maxEntities} is refused after the forward pass. Before it the number is not known: words,
 * widths and labels bound it from above only. Even with a threshold of 0 not every span is an entity, because a score must be
 * greater than the threshold: below a logit of about -88.7 it is exactly 0 in single precision, and it may be NaN.
 *
 * @param maxEntities entities of one text, before neighbours are joined
 * @param maxBytes encoded bytes of one answer message
 * @param connectionBytes unsent bytes of a connection, its share; a connection that has more and does not read gets no new work
 * @param peerBytes unsent bytes of all connections from one address; answers beyond it are refused. A connection of a trusted
 *     proxy has as much for itself
 * @param allBytes unsent bytes of all connections; when they are used up, the greediest connection is cut
 * @param patience a connection is cut if it has unsent answers and none has left for this time; beyond its share it is also cut
 *     if its oldest answer has not left for this time
 */
public record AnswerLimits(
        int maxEntities, int maxBytes, long connectionBytes, long peerBytes, long allBytes, Duration patience) {
    /** An answer stays below the 4 MiB that gRPC's clients read by default. */
    public static final AnswerLimits DEFAULT =
            new AnswerLimits(10_000, 3 << 20, 4 << 20, 32 << 20, 64 << 20, Duration.ofSeconds(30));

    private static final int LEAST_BYTES = 4096;

    public AnswerLimits {
        require(maxEntities >= 1, "answers.max-entities", "at least 1", maxEntities);
        require(maxBytes >= LEAST_BYTES, "answers.max-answer-bytes", "at least " + LEAST_BYTES, maxBytes);
        require(connectionBytes >= 1, "answers.max-unsent-bytes-per-connection", "at least 1", connectionBytes);
        long largest = (long) maxBytes + UnsentAnswers.BESIDES;
        require(peerBytes >= largest, "answers.max-unsent-bytes-per-address", "at least " + largest, peerBytes);
        require(allBytes >= peerBytes, "answers.max-unsent-bytes", "at least " + peerBytes, allBytes);
        require(patience.toMillis() > 0, "answers.unsent-time", "longer than zero", patience);
    }

    private static void require(boolean holds, String key, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be " + rule + ", but was " + value);
        }
    }

    /** These limits for answers of another size; bounds on unsent bytes grow if they would not hold one answer. */
    public AnswerLimits of(int entities, int bytes) {
        long peer = Math.max(peerBytes, (long) bytes + UnsentAnswers.BESIDES);
        return new AnswerLimits(entities, bytes, connectionBytes, peer, Math.max(allBytes, peer), patience);
    }
}
