package io.nuner.micro.decode;

import io.nuner.engine.RowLogits;
import io.nuner.engine.TokenRow;
import io.nuner.model.decode.DecodeOptions;
import io.nuner.model.decode.DocumentDecoder;
import io.nuner.model.decode.EntitySpan;
import io.nuner.model.decode.Merging;
import io.nuner.model.decode.TooManyEntitiesException;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.text.WordSplitter;
import io.nuner.model.text.Words;
import io.nuner.model.window.LabelSet;
import io.nuner.model.window.Window;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Microseconds from the scores of a text in one window to its entities, by {@link DocumentDecoder} and by {@link
 * SinglePassDecoder}, the baseline.
 *
 * <p>Claim under test: windows cost a text nothing that needs none. {@code benchmarks/decode.sh} runs it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class DecodeTime {
    private static final long SEED = 20_261_130;
    private static final int MAX_ENTITIES = 10_000;
    private static final int WORDS_TO_ENTITY = 10;
    private static final DecodeOptions OPTIONS = new DecodeOptions(0.5f, false, true, Merging.ADJACENT);

    /** Words and labels: a sentence or two; a page with many labels. */
    @Param({"50 words, 5 labels", "300 words, 20 labels"})
    public String text = "";

    /** Words of the longest span: of NuNER Zero, and of other models with span markers. */
    @Param({"1", "12"})
    public int maxWidth;

    private final Random random = new Random(SEED);
    private Words words = WordSplitter.split("word");
    private LabelSet labels = LabelSet.ofNames(List.of("label"));
    private RowLogits logits = RowLogits.wrap(1, 1, 1, new float[1]);
    private EncodedRequest encoded = encoded(words);

    /** Makes the text and its scores. */
    @Setup
    public void prepare() throws TooManyEntitiesException {
        int[] sizes = IntStream.of(0, 2)
                .map(part -> Integer.parseInt(text.split(" ", -1)[part]))
                .toArray();
        words = WordSplitter.split("word ".repeat(sizes[0]));
        labels = LabelSet.ofNames(
                IntStream.range(0, sizes[1]).mapToObj(label -> "label " + label).toList());
        logits = RowLogits.wrap(sizes[0], maxWidth, sizes[1], scores(sizes[0], sizes[1]));
        encoded = encoded(words);
        if (!decode().equals(singlePass())) {
            throw new IllegalStateException("the decoders do not agree");
        }
    }

    /** Most scores lie far below the threshold; some entities have two words, or several spans that pass. */
    private float[] scores(int count, int labelCount) {
        float[] scores = new float[count * maxWidth * labelCount];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) (random.nextGaussian() - 6);
        }
        for (int word = WORDS_TO_ENTITY / 2; word < count; word += WORDS_TO_ENTITY) {
            int label = random.nextInt(labelCount);
            for (int start = word; start < word + 2; start++) {
                for (int width = 0; width < Math.min(2, maxWidth); width++) {
                    scores[(start * maxWidth + width) * labelCount + label] = (float) random.nextGaussian() + 2;
                }
            }
        }
        return scores;
    }

    private static EncodedRequest encoded(Words words) {
        int[] tokens = IntStream.range(0, words.count()).toArray();
        return new EncodedRequest(words, TokenRow.copyOf(tokens, tokens, new int[] {0}), 0, tokens.length);
    }

    /** As the server does it. */
    @Benchmark
    public List<EntitySpan> decode() throws TooManyEntitiesException {
        return new DocumentDecoder(words, OPTIONS, labels, maxWidth, MAX_ENTITIES)
                .add(Window.whole(encoded), List.of(logits))
                .entities();
    }

    /** The baseline. */
    @Benchmark
    public List<EntitySpan> singlePass() throws TooManyEntitiesException {
        return SinglePassDecoder.decode(logits, words, OPTIONS, MAX_ENTITIES);
    }
}
