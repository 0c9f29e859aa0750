package io.nuner.model.decode;

import io.nuner.engine.RowLogits;
import io.nuner.model.text.Words;
import io.nuner.model.window.LabelSet;
import io.nuner.model.window.Window;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Decoder of a text whose scores come window by window. All it gives, one after the other, is what {@link SpanDecoder}
 * would give for the scores of the whole text at once: each word has the scores of the window that owns it, and a span that does
 * not fit into that window has none. One thread at a time.
 *
 * <p>There are two exceptions, only in a text of several windows. A joined entity that would grow past 64 KiB of UTF-8 is ended,
 * and counted. Candidates that wait for one another over more than {@value #MAX_OPEN_WORDS} words are decided as if nothing more
 * came. So memory is bounded by the scores and the entities of about that many words, and the text of the joined entity.
 */
public final class DocumentDecoder {
    /** Words behind the first open candidate at most. */
    static final int MAX_OPEN_WORDS = 2_048;

    private final Words words;
    private final DecodeOptions options;
    private final Thresholds thresholds;
    private final int maxWidth;
    private final long maxEntities;
    private final Candidates candidates;
    private final EntityListing listing;
    private final NeighbourMerge merge;
    private final DonePart done = new DonePart();
    private long entities;
    /** How many words have scores. */
    private int known;
    /** Before this word all is decided and listed. */
    private int settled;

    /**
     * A decoder of one text.
     *
     * @param maxWidth words of the longest span that the model scores
     * @param maxEntities how many entities there may be, before neighbours are joined
     */
    public DocumentDecoder(Words words, DecodeOptions options, LabelSet labels, int maxWidth, long maxEntities) {
        this(words, options, Thresholds.of(labels, options.threshold()), maxWidth, maxEntities);
    }

    DocumentDecoder(Words words, DecodeOptions options, Thresholds thresholds, int maxWidth, long maxEntities) {
        this.words = words;
        this.options = options;
        this.thresholds = thresholds;
        this.maxWidth = maxWidth;
        this.maxEntities = maxEntities;
        candidates = new Candidates(thresholds, maxWidth);
        listing = new EntityListing(candidates, words, options.multiLabel());
        merge = new NeighbourMerge(options, thresholds, words);
    }

    /**
     * Takes the scores of the next window, one after the other, and gives what is certain now.
     *
     * @param logits of each of the window's rows
     * @throws TooManyEntitiesException if there are too many entities so far; none is made of these, and the decoder is of no
     *     more use
     * @throws IllegalArgumentException if this is not the next window, or these are not its scores
     */
    public Decoded add(Window window, List<RowLogits> logits) throws TooManyEntitiesException {
        return add(Scores.of(window, logits));
    }

    Decoded add(Scores scores) throws TooManyEntitiesException {
        requireNext(scores);
        candidates.add(scores);
        known = scores.ownTo();
        if (known == words.count()) {
            return new Decoded(joined(listed(winners())), words.text().length());
        }
        merge.bound();
        List<EntitySpan> given = joined(listed(winners()));
        candidates.forgetBefore(settled);
        return new Decoded(given, done.end(given, merge.firstStart(words.start(settled))));
    }

    /** How many joined entities were ended because they would have grown past 64 KiB. */
    public int cutEntities() {
        return merge.cut();
    }

    private void requireNext(Scores scores) {
        if (scores.ownFrom() != known || scores.end() > words.count()) {
            throw new IllegalArgumentException(
                    "scores of the words from " + scores.ownFrom() + " on, of a window up to " + scores.end()
                            + "; the next word is " + known + " of " + words.count());
        }
        if (scores.labels() != thresholds.labels() || !scores.isOfWidth(maxWidth)) {
            throw new IllegalArgumentException("scores of " + scores.labels() + " labels, for " + thresholds.labels()
                    + " and spans of " + maxWidth + " words");
        }
    }

    /** What is kept, in {@link EntityListing}'s order, and not listed; moves {@link #settled}. */
    private int[] winners() {
        if (maxWidth == 1) { // single words rule out nothing
            settled = known;
            return candidates.all();
        }
        int[] kept = new GreedyPass(options, candidates, known, words.count(), maxWidth).decide(known - MAX_OPEN_WORDS);
        settled = candidates.firstOpen(known);
        return settled == words.count()
                ? kept
                : IntStream.of(kept)
                        .filter(candidate -> candidates.start(candidate) < settled)
                        .toArray();
    }

    private List<EntitySpan> listed(int[] winners) throws TooManyEntitiesException {
        long count = listing.count(winners);
        entities += count;
        if (entities > maxEntities) {
            throw new TooManyEntitiesException(entities, maxEntities);
        }
        return listing.of(winners, count);
    }

    private List<EntitySpan> joined(List<EntitySpan> next) {
        if (options.merging() == Merging.NONE) {
            return next;
        }
        merge.add(next);
        return merge.take(settled);
    }
}
