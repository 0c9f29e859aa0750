package io.nuner.model.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.engine.RowLogits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentDecoderPropertyTest {
    private static final long SEED = 20_261_130;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6})
    void anyWindowsDecodeAsTheirScoresInOneRow(int maxWidth) throws TooManyEntitiesException {
        Random random = new Random(SEED + maxWidth);
        for (int i = 0; i < 1_000; i++) {
            RandomDocument document = new RandomDocument(maxWidth, random);
            DocumentDecoder decoder = decoder(document, maxWidth);

            List<EntitySpan> all = new ArrayList<>();
            for (Decoded decoded : decodeAll(document, decoder)) {
                all.addAll(decoded.entities());
            }

            assertThat(all)
                    .as("seed %d, width %d, round %d, %s", SEED, maxWidth, i, document.options)
                    .isEqualTo(expected(document));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6})
    void nothingReachesOverWhatIsSafe(int maxWidth) throws TooManyEntitiesException {
        Random random = new Random(SEED - maxWidth);
        for (int i = 0; i < 1_000; i++) {
            RandomDocument document = new RandomDocument(maxWidth, random);
            List<Decoded> parts = decodeAll(document, decoder(document, maxWidth));
            List<EntitySpan> all =
                    parts.stream().flatMap(part -> part.entities().stream()).toList();
            int given = 0;
            int before = 0;
            for (Decoded part : parts) {
                given += part.entities().size();
                int safe = part.safeUntil();
                assertThat(safe)
                        .as("seed %d, width %d, round %d", SEED, maxWidth, i)
                        .isGreaterThanOrEqualTo(before);
                assertThat(all.subList(0, given)).allMatch(entity -> entity.start() >= safe || entity.end() <= safe);
                assertThat(all.subList(given, all.size())).allMatch(entity -> entity.start() >= safe);
                before = safe;
            }
            assertThat(before).isEqualTo(document.words.text().length());
        }
    }

    private static DocumentDecoder decoder(RandomDocument document, int maxWidth) {
        return new DocumentDecoder(document.words, document.options, document.labels, maxWidth, Long.MAX_VALUE);
    }

    private static List<Decoded> decodeAll(RandomDocument document, DocumentDecoder decoder)
            throws TooManyEntitiesException {
        List<Decoded> parts = new ArrayList<>();
        for (int window = 0; window < document.windows.size(); window++) {
            parts.add(decoder.add(document.windows.get(window), document.logits.get(window)));
        }
        return parts;
    }

    private static List<EntitySpan> expected(RandomDocument document) {
        RowLogits whole = document.whole();
        long maxBytes = document.windows.size() == 1 ? Long.MAX_VALUE : NeighbourMerge.MAX_BYTES;
        return RuleAsWritten.decode(whole, document.words, document.options, document.labels, maxBytes);
    }
}
