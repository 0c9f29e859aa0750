package io.nuner.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nuner.eval.Labelled.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Texts of one entity each, which a side finds or misses, unless a test says otherwise. */
class PairedBootstrapTest {
    private static final String LABEL = "person";
    private static final Span ENTITY = new Span(0, 3, LABEL);

    @Test
    void equalSidesDifferByExactlyNothing() {
        for (long seed = 0; seed < 20; seed++) {
            Sides sides = Sides.random(new SplittableRandom(seed), 30);

            assertThat(PairedBootstrap.differences(sides.countsA(), sides.countsA()))
                    .as("seed %d", seed)
                    .allMatch(new EstimatedDifference(0, 0, 0)::equals);
        }
    }

    @Test
    void aSideThatIsAlwaysRightIsCertainlyBetterThanOneThatNeverIs() {
        assertThat(difference(new Found(false, true, 50))).isEqualTo(new EstimatedDifference(1, 1, 1));
        assertThat(difference(new Found(true, false, 50))).isEqualTo(new EstimatedDifference(-1, -1, -1));
    }

    @Test
    void differencesThatCancelOutMayBeChance() {
        EstimatedDifference difference =
                difference(new Found(true, true, 150), new Found(true, false, 20), new Found(false, true, 22));

        assertThat(difference.value()).isPositive();
        assertThat(difference.low()).isNegative();
        assertThat(difference.high()).isPositive();
    }

    @Test
    void differencesInOneDirectionAreNoChance() {
        EstimatedDifference difference =
                difference(new Found(true, true, 150), new Found(true, false, 5), new Found(false, true, 40));

        assertThat(difference.low()).isPositive();
        assertThat(difference.high()).isGreaterThan(difference.value());
    }

    /** Without them the sides would differ as much as they do here by chance, were they drawn apart. */
    @Test
    void textsThatBothAnswerAlikeMakeTheIntervalNarrow() {
        EstimatedDifference difference =
                difference(new Found(true, true, 500), new Found(false, false, 500), new Found(false, true, 10));

        assertThat(difference.low()).isPositive();
        assertThat(difference.high()).isCloseTo(difference.value(), within(0.01));
    }

    /** F1 of these texts is 2c / (n + c) of c found in n, so its difference is about as far off as that of c / n. */
    @Test
    void theIntervalIsAsWideAsTheNormalApproximationSays() {
        int texts = 1_000;
        EstimatedDifference difference =
                difference(new Found(true, true, 800), new Found(true, false, 100), new Found(false, true, 100));
        double shareThatDiffers = 0.2;
        double slope = 2 / Math.pow(1 + 0.9, 2); // of 2p / (1 + p) at p = 0.9
        double expected = 1.96 * slope * Math.sqrt(shareThatDiffers / texts);

        assertThat(difference.value()).isZero();
        assertThat(difference.high()).isCloseTo(expected, within(0.1 * expected));
        assertThat(difference.low()).isCloseTo(-expected, within(0.1 * expected));
    }

    @Test
    void exchangedSidesExchangeTheSign() {
        for (long seed = 0; seed < 20; seed++) {
            Sides sides = Sides.random(new SplittableRandom(seed), 30);
            List<EstimatedDifference> exchanged = PairedBootstrap.differences(sides.countsB(), sides.countsA()).stream()
                    .map(each -> new EstimatedDifference(0 - each.value(), 0 - each.high(), 0 - each.low()))
                    .toList();

            assertThat(PairedBootstrap.differences(sides.countsA(), sides.countsB()))
                    .as("seed %d", seed)
                    .isEqualTo(exchanged);
        }
    }

    @Test
    void theDifferenceIsThatOfTheFiguresWhateverTheOrderOfTheTexts() {
        for (long seed = 0; seed < 50; seed++) {
            Sides sides = Sides.random(new SplittableRandom(seed), 20);
            List<Double> figures = sides.differencesOfFigures();

            List<Double> values = values(sides);

            assertThat(values).as("seed %d", seed).hasSameSizeAs(figures);
            for (int i = 0; i < figures.size(); i++) {
                assertThat(values.get(i)).as("seed %d", seed).isCloseTo(figures.get(i), within(1e-12));
            }
            assertThat(values(sides.shuffled(seed))).as("seed %d", seed).isEqualTo(values);
        }
    }

    /** Draws texts from a population of which the true difference is known, many times. */
    @Test
    void theIntervalHoldsTheTruthAboutAsOftenAsItSays() {
        SplittableRandom random = new SplittableRandom(7);
        Sides population = Sides.random(random, 400);
        int micro = RandomTexts.LABELS.size();
        double truth = population.differencesOfFigures().get(micro);
        int experiments = 100;
        int held = 0;
        for (int experiment = 0; experiment < experiments; experiment++) {
            Sides drawn = population.drawn(random, 60);
            EstimatedDifference difference = PairedBootstrap.differences(drawn.countsA(), drawn.countsB())
                    .get(micro);
            held += difference.low() <= truth && truth <= difference.high() ? 1 : 0;
        }

        assertThat(held / (double) experiments).isBetween(0.88, 0.99);
    }

    private static List<Double> values(Sides sides) {
        return PairedBootstrap.differences(sides.countsA(), sides.countsB()).stream()
                .map(EstimatedDifference::value)
                .toList();
    }

    /** A number of texts whose entity each side finds, or does not. */
    private record Found(boolean byA, boolean byB, int texts) {}

    private static EstimatedDifference difference(Found... all) {
        List<Tally> a = new ArrayList<>();
        List<Tally> b = new ArrayList<>();
        for (Found found : all) {
            a.addAll(Collections.nCopies(found.texts, tally(found.byA)));
            b.addAll(Collections.nCopies(found.texts, tally(found.byB)));
        }
        List<String> labels = List.of(LABEL);
        List<EstimatedDifference> differences =
                PairedBootstrap.differences(TextCounts.of(labels, a), TextCounts.of(labels, b));
        assertThat(differences.get(1)).as("micro").isEqualTo(differences.get(0));
        assertThat(differences.get(2)).as("macro").isEqualTo(differences.get(0));
        return differences.get(0);
    }

    private static Tally tally(boolean found) {
        Tally tally = new Tally(List.of());
        tally.add(Set.of(ENTITY), found ? Set.of(ENTITY) : Set.of());
        return tally;
    }

    /** Texts, and what two sides find in each. */
    private record Sides(List<AnnotatedText> texts, List<Set<Span>> foundByA, List<Set<Span>> foundByB) {
        static Sides random(SplittableRandom random, int size) {
            Sides sides = new Sides(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < size; i++) {
                AnnotatedText text = RandomTexts.text(random);
                sides.add(text, RandomTexts.found(text, random), RandomTexts.found(text, random));
            }
            return sides;
        }

        private void add(AnnotatedText text, Set<Span> byA, Set<Span> byB) {
            texts.add(text);
            foundByA.add(byA);
            foundByB.add(byB);
        }

        private Sides of(List<Integer> places) {
            Sides sides = new Sides(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            places.forEach(place -> sides.add(texts.get(place), foundByA.get(place), foundByB.get(place)));
            return sides;
        }

        Sides shuffled(long seed) {
            List<Integer> places = new ArrayList<>();
            for (int place = 0; place < texts.size(); place++) {
                places.add(place);
            }
            Collections.shuffle(places, new Random(seed));
            return of(places);
        }

        Sides drawn(SplittableRandom random, int size) {
            return of(random.ints(size, 0, texts.size()).boxed().toList());
        }

        TextCounts countsA() {
            return counts(foundByA);
        }

        TextCounts countsB() {
            return counts(foundByB);
        }

        private TextCounts counts(List<Set<Span>> found) {
            List<Tally> tallies = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                tallies.add(scoring(i, i + 1, found).entities());
            }
            return TextCounts.of(RandomTexts.LABELS, tallies);
        }

        private Scoring scoring(int from, int to, List<Set<Span>> found) {
            Scoring scoring = new Scoring(RandomTexts.LABELS);
            for (int i = from; i < to; i++) {
                scoring.add(texts.get(i), found.get(i));
            }
            return scoring;
        }

        /** By label, micro, macro. */
        List<Double> differencesOfFigures() {
            Tally a = scoring(0, texts.size(), foundByA).entities();
            Tally b = scoring(0, texts.size(), foundByB).entities();
            List<Double> differences = new ArrayList<>();
            b.byLabel()
                    .forEach((label, counts) -> differences.add(counts.score().f1()
                            - a.byLabel()
                                    .getOrDefault(label, Counts.NONE)
                                    .score()
                                    .f1()));
            differences.add(b.micro().score().f1() - a.micro().score().f1());
            differences.add(b.macro().f1() - a.macro().f1());
            return differences;
        }
    }
}
