package io.nuner.server.answers;

import java.time.Duration;

/**
 * How large answers may be, and how many bytes of them may be unsent: held in memory, but not yet taken by the reader's socket.
 * Immutable.
 *
 * <p>An answer that goes beyond {@code maxEntities} is refused behind the forward pass, because no refusal before it is certain:
 * words, widths and labels bound the number of entities from above only. Even with a threshold of 0 a score must be greater than
 * the threshold, and one of exactly 0, which the logistic function gives in single precision below a logit of about -88.7, or one
 * that is no number is no entity.
 *
 * @param maxEntities entities of one text, before neighbours are joined
 * @param maxBytes encoded bytes of one answer message
 * @param connectionBytes unsent bytes of a connection; one that has more and does not read gets no new work
 * @param peerBytes unsent bytes of all connections from one address; what is beyond is refused to that address. Of a trusted
 *     proxy it is the share of a connection
 * @param allBytes unsent bytes of all; where they do not suffice, the greediest connection is cut
 * @param patience a connection with unsent answers of which none leaves for so long is cut; one that has more than its share
 *     also if its oldest answer does not leave for so long
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

    /** The same for answers of another size; what may be unsent grows where it would not hold one. */
    public AnswerLimits of(int entities, int bytes) {
        long peer = Math.max(peerBytes, (long) bytes + UnsentAnswers.BESIDES);
        return new AnswerLimits(entities, bytes, connectionBytes, peer, Math.max(allBytes, peer), patience);
    }
}
