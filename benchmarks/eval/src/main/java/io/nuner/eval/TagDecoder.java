package io.nuner.eval;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns tags into entities, with one rule for all schemes: an entity goes on while the tag is I, E or L, the tag before is
 * B or I, and both have the same type. So an I after nothing begins an entity, as IOB1 wants and as conlleval reads BIO.
 */
final class TagDecoder {
    private TagDecoder() {}

    static List<TokenSpan> spans(List<Tag> tags) {
        List<TokenSpan> spans = new ArrayList<>();
        Tag before = Tag.OUTSIDE;
        int first = 0;
        for (int token = 0; token < tags.size(); token++) {
            Tag tag = tags.get(token);
            if (!tag.continues(before)) {
                close(spans, before, first, token);
                first = token;
            }
            before = tag;
        }
        close(spans, before, first, tags.size());
        return spans;
    }

    private static void close(List<TokenSpan> spans, Tag last, int first, int end) {
        if (!last.isOutside()) {
            spans.add(new TokenSpan(first, end, last.type()));
        }
    }
}
