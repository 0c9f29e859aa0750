package io.nuner.model.hub;

import static io.nuner.model.hub.FetchScene.ENCODER;
import static io.nuner.model.hub.FetchScene.MODEL;
import static io.nuner.model.hub.FetchScene.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nuner.model.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files are fetched, from where and to where. */
class ModelFetchTest {
    @TempDir
    private Path cache;

    @RegisterExtension
    private final FetchScene scene = new FetchScene(() -> cache);

    @Test
    void fetchesWhatTheExporterNeedsAndNothingElse() throws Exception {
        Path directory = scene.fetch();

        assertThat(directory).isEqualTo(scene.directory());
        assertThat(FetchScene.files(directory))
                .containsExactly("fetched.json", "gliner_config.json", WEIGHTS, "spm.model");
        assertThat(directory.resolve(WEIGHTS)).hasBinaryContent(scene.weights());
        assertThat(scene.unfinished()).doesNotExist();
        assertThat(scene.pauses()).isEmpty();
    }

    @Test
    void aTokenizerThatTheModelLacksComesFromItsEncoder() throws Exception {
        Path directory = scene.fetch();

        assertThat(directory.resolve("spm.model")).hasContent("a vocabulary");
        assertThat(scene.progress().notes())
                .containsExactly(
                        "numind/Tiny has no tokenizer; taking that of its encoder, tiny/encoder",
                        "spm.model of tiny/encoder at " + FakeHub.COMMIT);
    }

    @Test
    void aModelsOwnFilesArePreferred() throws Exception {
        scene.hub().add(MODEL, "tokenizer.json", "{}");
        scene.hub().add(MODEL, "spm.model", "superseded");
        scene.hub().add(MODEL, "encoder_config.json", FetchScene.ENCODER_CONFIG);
        scene.hub().add(MODEL, "config.json", "superseded");

        Path directory = scene.fetch();

        assertThat(FetchScene.files(directory))
                .containsExactly(
                        "encoder_config.json", "fetched.json", "gliner_config.json", WEIGHTS, "tokenizer.json");
    }

    @Test
    void whatIsNoPartOfTheCheckpointDoesNotStayInIt() throws Exception {
        Files.createDirectories(scene.unfinished());
        Files.writeString(scene.unfinished().resolve("tokenizer.json"), "of an encoder that has changed since");
        Files.writeString(scene.unfinished().resolve("pytorch_model.bin.part"), "begun by another version");

        assertThat(FetchScene.files(scene.fetch()))
                .containsExactly("fetched.json", "gliner_config.json", WEIGHTS, "spm.model");
    }

    @Test
    void torchWeightsAreTakenWhereThereAreNoOthers() throws Exception {
        scene.hub().remove(MODEL, WEIGHTS);

        assertThat(FetchScene.files(scene.fetch()))
                .containsExactly("fetched.json", "gliner_config.json", "pytorch_model.bin", "spm.model");
    }

    @Test
    void aSecondFetchAsksForTheCommitOnly() throws Exception {
        scene.fetch();
        int before =
                scene.hub().requestsToHub().size() + scene.hub().requestsToCdn().size();

        scene.fetch();

        assertThat(scene.hub().requestsToHub().size()
                        + scene.hub().requestsToCdn().size())
                .isEqualTo(before + 1);
        assertThat(scene.hub().requestsFor("/revision/main")).isEqualTo(3); // two of them of the model itself
    }

    @Test
    void aCommitThatIsThereNeedsNoHub() throws Exception {
        Path first = scene.fetch();
        scene.hub().close();

        assertThat(scene.fetch(FakeHub.COMMIT)).isEqualTo(first);
    }

    @Test
    void aFetchedModelIsFoundByItsName() throws Exception {
        FetchedModels models = new FetchedModels(cache);
        assertThat(models.find(MODEL)).isEmpty();

        Path directory = scene.fetch();

        assertThat(models.find(MODEL)).contains(directory);
        assertThat(models.find("numind/Other")).isEmpty();
        assertThat(models.find("../../etc/passwd")).isEmpty();
    }

    @Test
    void aPathThatExistsWinsOverAFetchedModelOfThatName() throws Exception {
        FetchedModels models = new FetchedModels(cache);
        RepositoryId likeAPath = RepositoryId.parse("src/main");
        Files.createDirectories(models.directory(likeAPath, FakeHub.COMMIT));
        models.setLatest(likeAPath, FakeHub.COMMIT);
        assertThat(models.find("src/main")).isPresent();

        assertThat(models.locate(Path.of("src/main"))).isEqualTo(Path.of("src/main"));
        assertThat(models.locate(Path.of("no/such"))).isEqualTo(Path.of("no/such"));
    }

    @Test
    void checksumsComeFromTheFilesWhereTheListingHasNone() throws Exception {
        scene.hub().hideContents();

        Path directory = scene.fetch();

        assertThat(directory.resolve(WEIGHTS)).hasBinaryContent(scene.weights());
        assertThat(scene.hub().requestsToHub())
                .filteredOn(request -> request.method().equals("HEAD"))
                .hasSize(3);
        assertThat(scene.hub().requestsToCdn())
                .noneMatch(request -> request.method().equals("HEAD"));
    }

    @Test
    void aFileWithoutAnyChecksumIsRefused() {
        scene.hub().hideContents();
        scene.hub().next("gliner_config.json", reply -> reply.without("ETag"));

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(scene::fetch)
                .withMessageContaining("gliner_config.json")
                .withMessageContaining("no checksum");
    }

    @Test
    void namesThatAHubSendsNeverBecomePaths() throws Exception {
        scene.hub().add(MODEL, "../../../escaped", "x");
        scene.hub().add(MODEL, "/tmp/escaped", "x");
        scene.hub().add(MODEL, "sub/model.safetensors", "x");

        assertThat(FetchScene.files(scene.fetch()))
                .containsExactly("fetched.json", "gliner_config.json", WEIGHTS, "spm.model");
        assertThat(FetchScene.files(cache)).containsExactly("hub");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sha\": \"../../../../escaped-escaped-escaped-escape\", \"siblings\": []}",
                "{\"sha\": 7, \"siblings\": []}",
                "{\"sha\": \"" + FakeHub.COMMIT + "\"}",
                "{\"sha\": \"" + FakeHub.COMMIT + "\", \"siblings\": [7]}",
                "[]",
                "<html>log in to this network first</html>",
                ""
            })
    void aListingThatIsNoneIsRefused(String listing) {
        scene.hub().nextListing(MODEL, reply -> FakeReply.json(listing));

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(scene::fetch)
                .withMessage("127.0.0.1 does not answer like a hub of models; is the endpoint right?");
    }

    @Test
    void aModelWithoutWeightsIsRefused() {
        scene.hub().remove(MODEL, WEIGHTS);
        scene.hub().remove(MODEL, "pytorch_model.bin");

        refusesModel("neither model.safetensors nor pytorch_model.bin");
    }

    @Test
    void aRepositoryThatIsNoGlinerModelIsRefused() {
        scene.hub().remove(MODEL, "gliner_config.json");

        refusesModel("gliner_config.json");
        assertThat(scene.hub().requestsFor(".json")).isZero();
    }

    @Test
    void aModelWeCannotServeIsRefusedBeforeItsWeightsAreFetched() {
        scene.hub().add(MODEL, "gliner_config.json", "{\"span_mode\": \"token_level\"}");

        refusesModel("token_level");
        assertThat(scene.hub().requestsFor(WEIGHTS)).isZero();
    }

    @Test
    void anEncoderWeCannotServeIsRefusedBeforeItsWeightsAreFetched() {
        scene.hub().add(MODEL, "encoder_config.json", "{\"model_type\": \"abacus\"}");

        refusesModel("model_type is abacus");
        assertThat(scene.hub().requestsFor(WEIGHTS)).isZero();
    }

    @Test
    void aHugeConfigurationIsRefusedBeforeItIsFetched() {
        scene.hub().add(MODEL, "gliner_config.json", " ".repeat((1 << 20) + 1));

        refusesModel("larger than 1048576 bytes");
        assertThat(scene.hub().requestsFor("gliner_config.json")).isZero();
    }

    @Test
    void anEncoderWithoutTokenizerIsRefused() {
        scene.hub().remove(ENCODER, "spm.model");

        refusesModel("tiny/encoder at " + FakeHub.COMMIT + " has neither tokenizer.json nor spm.model");
    }

    @Test
    void anEncoderThatIsNoRepositoryIsRefused() {
        scene.configure("../local/encoder");

        refusesModel("../local/encoder");
    }

    private void refusesModel(String named) {
        assertThatExceptionOfType(ModelException.class).isThrownBy(scene::fetch).withMessageContaining(named);
        assertThat(scene.directory()).doesNotExist();
    }

    @Test
    void anUnwritableCacheIsNamed() throws Exception {
        Files.createFile(cache.resolve("hub"));

        assertThatExceptionOfType(HubException.class).isThrownBy(scene::fetch).withMessageContaining("--cache");
    }
}
