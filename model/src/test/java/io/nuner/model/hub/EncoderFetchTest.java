package io.nuner.model.hub;

import static io.nuner.model.hub.FetchScene.ENCODER;
import static io.nuner.model.hub.FetchScene.MODEL;
import static io.nuner.model.hub.FetchScene.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nuner.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models whose encoder is described in the encoder's repository, or in a file that may be about something else. */
class EncoderFetchTest {
    private static final String MULTILINGUAL = "microsoft/mdeberta-v3-base";

    @TempDir
    private Path cache;

    @RegisterExtension
    private final FetchScene scene = new FetchScene(() -> cache);

    @Test
    void descriptionAndTokenizerComeInOneStepAndBothCommitsAreKept() throws Exception {
        describeNothing(ENCODER);
        scene.hub().add(ENCODER, "config.json", FetchScene.ENCODER_CONFIG);

        Path directory = scene.fetch();

        assertThat(FetchScene.files(directory))
                .containsExactly("encoder_config.json", "fetched.json", "gliner_config.json", WEIGHTS, "spm.model");
        assertThat(directory.resolve("encoder_config.json")).hasContent(FetchScene.ENCODER_CONFIG);
        assertThat(listingsOf(ENCODER)).isOne();
        assertThat(sources(directory)).isEqualTo(JsonParser.parseString("""
                {"model": {"repository": "numind/Tiny", "commit": "%s"},
                 "encoder": {"repository": "tiny/encoder", "commit": "%s", "files": ["encoder_config.json", "spm.model"]}}
                """.formatted(FakeHub.COMMIT, FakeHub.COMMIT)));
    }

    @Test
    void theDescriptionAloneIsTakenWhereTheModelHasATokenizer() throws Exception {
        describeNothing(ENCODER);
        scene.hub().add(MODEL, "tokenizer.json", "{}");
        scene.hub().add(ENCODER, "config.json", FetchScene.ENCODER_CONFIG);

        Path directory = scene.fetch();

        assertThat(FetchScene.files(directory))
                .containsExactly(
                        "encoder_config.json", "fetched.json", "gliner_config.json", WEIGHTS, "tokenizer.json");
        assertThat(scene.progress().notes())
                .contains(
                        "numind/Tiny has no description of its encoder; taking that of its encoder, tiny/encoder",
                        "config.json of tiny/encoder at " + FakeHub.COMMIT);
    }

    @Test
    void aModelThatNeedsNothingOfItsEncoderRecordsOneCommit() throws Exception {
        scene.hub().add(MODEL, "tokenizer.json", "{}");

        Path directory = scene.fetch();

        assertThat(sources(directory).keySet()).containsExactly("model");
        assertThat(listingsOf(ENCODER)).isZero();
    }

    @Test
    void anInterruptedFetchTakesTheDescriptionAgain() throws Exception {
        describeNothing(ENCODER);
        scene.hub().add(ENCODER, "config.json", FetchScene.ENCODER_CONFIG);
        Files.createDirectories(scene.unfinished());
        Files.writeString(scene.unfinished().resolve("encoder_config.json"), "{\"of\": \"a commit before\"}");
        Files.writeString(scene.unfinished().resolve("spm.model"), "a vocabulari"); // as long as that of now

        Path directory = scene.fetch();

        assertThat(directory.resolve("encoder_config.json")).hasContent(FetchScene.ENCODER_CONFIG);
        assertThat(directory.resolve("spm.model")).hasContent("a vocabulary");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                MULTILINGUAL,
                "microsoft/deberta-v3-xsmall",
                "microsoft/deberta-v3-small",
                "microsoft/deberta-v3-base",
                "microsoft/deberta-v3-large"
            })
    void aKnownNameNeedsNoDescription(String encoder) throws Exception {
        describeNothing(encoder);
        scene.hub().add(MODEL, "tokenizer.json", "{}");

        assertThat(FetchScene.files(scene.fetch()))
                .containsExactly("fetched.json", "gliner_config.json", WEIGHTS, "tokenizer.json");
        assertThat(listingsOf(encoder)).isZero();
    }

    @Test
    void aKnownNameWhoseRepositoryHasATokenizerOnlyWillDo() throws Exception {
        describeNothing(MULTILINGUAL);
        scene.hub().add(MULTILINGUAL, "spm.model", "a vocabulary of many languages");

        assertThat(FetchScene.files(scene.fetch()))
                .containsExactly("fetched.json", "gliner_config.json", WEIGHTS, "spm.model");
    }

    @Test
    void anEncoderThatNobodyDescribesIsRefusedBeforeTheWeightsAreFetched() {
        describeNothing(ENCODER);

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(scene::fetch)
                .withMessageContaining("model_name is tiny/encoder, an encoder we do not know");
        assertThat(scene.hub().requestsFor(WEIGHTS)).isZero();
    }

    @Test
    void anEncoderOfAnotherFamilyIsRefusedByName() {
        describeNothing(ENCODER);
        scene.hub().add(ENCODER, "config.json", "{\"model_type\": \"xlm-roberta\"}");

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(scene::fetch)
                .withMessageContaining("model_type is xlm-roberta, only bert and deberta-v2 are supported");
        assertThat(scene.hub().requestsFor(WEIGHTS)).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "{\"model_type\": \"gliner\"}", "{\"model_name\": \"tiny/encoder\"}"})
    void aGeneralFileThatIsNotTheEncodersIsNotTakenForIt(String content) throws Exception {
        scene.hub().add(MODEL, "config.json", content);

        assertThat(FetchScene.files(scene.fetch()))
                .containsExactly("config.json", "fetched.json", "gliner_config.json", WEIGHTS, "spm.model");
    }

    private void describeNothing(String encoder) {
        scene.hub().add(MODEL, "gliner_config.json", """
                {"model_name": "%s", "span_mode": "marker", "max_width": 1, "max_len": 384, "hidden_size": 24}
                """.formatted(encoder));
    }

    private long listingsOf(String repository) {
        return scene.hub().requestsToHub().stream()
                .filter(request -> request.path().startsWith("/api/models/" + repository + "/"))
                .count();
    }

    private static JsonObject sources(Path directory) throws IOException {
        return JsonParser.parseString(Files.readString(directory.resolve("fetched.json")))
                .getAsJsonObject();
    }
}
