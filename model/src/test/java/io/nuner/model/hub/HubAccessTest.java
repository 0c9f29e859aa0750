package io.nuner.model.hub;

import static io.nuner.model.hub.FetchScene.MODEL;
import static io.nuner.model.hub.FetchScene.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets the token, where redirects may lead, and what refusals mean. */
class HubAccessTest {
    private static final String TOKEN = "hf_aSecretThatNobodyMaySee";

    @TempDir
    private Path cache;

    @RegisterExtension
    private final FetchScene scene = new FetchScene(() -> cache);

    @Test
    void theTokenGoesToTheHubAndToNobodyElse() throws Exception {
        scene.useToken(TOKEN);

        scene.fetch();

        assertThat(scene.hub().requestsToHub())
                .isNotEmpty()
                .allMatch(request -> request.header("authorization").equals("Bearer " + TOKEN));
        assertThat(scene.hub().requestsToCdn())
                .isNotEmpty()
                .noneMatch(request -> request.headers().containsKey("authorization"));
    }

    @Test
    void withoutATokenNobodyIsToldOne() throws Exception {
        scene.fetch();

        assertThat(scene.hub().requestsToHub())
                .noneMatch(request -> request.headers().containsKey("authorization"));
    }

    @Test
    void aRedirectInsideTheHubKeepsTheToken() throws Exception {
        scene.useToken(TOKEN);
        scene.hub()
                .next(
                        "gliner_config.json",
                        reply -> FakeReply.of(307)
                                .with("Location", "/numind/Tiny/resolve/" + FakeHub.COMMIT + "/gliner_config.json"));

        scene.fetch();

        assertThat(scene.hub().requestsFor("gliner_config.json")).isEqualTo(2);
        assertThat(scene.hub().requestsToHub())
                .allMatch(request -> request.header("authorization").equals("Bearer " + TOKEN));
    }

    @Test
    void aRenamedModelIsFollowed() throws Exception {
        scene.hub()
                .nextListing(
                        MODEL,
                        reply -> FakeReply.of(307)
                                .with(
                                        "Location",
                                        "/api/models/numind/Tiny/revision/" + FakeHub.COMMIT + "?blobs=true"));

        assertThat(scene.fetch()).isEqualTo(scene.directory());
    }

    @Test
    void redirectsWithoutEndAreRefused() {
        for (int hop = 0; hop < 10; hop++) {
            scene.hub()
                    .nextListing(
                            MODEL,
                            reply -> FakeReply.of(302).with("Location", "/api/models/numind/Tiny/revision/main"));
        }

        fails("127.0.0.1 redirects more than 5 times");
        assertThat(scene.hub().requestsToHub()).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "http:nowhere", "ftp://example.com/x", "not a uri", "http://"})
    void aRedirectOutOfTheWebIsRefused(String location) {
        scene.hub().nextRedirect(WEIGHTS, reply -> reply.with("Location", location));

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(scene::fetch)
                .withMessageStartingWith("127.0.0.1 redirects to an address that is ");
    }

    @ParameterizedTest
    @CsvSource({
        "401, RepoNotFound, '', 'numind/Tiny does not exist, or is private or gated'",
        "401, RepoNotFound, '', 'set HF_TOKEN'",
        "401, GatedRepo, '', 'numind/Tiny is gated (HTTP status 401): accept its licence at http'",
        "401, GatedRepo, '', 'and set HF_TOKEN'",
        "403, GatedRepo, hf_x, 'accept its licence at '",
        "403, GatedRepo, hf_x, 'as the owner of HF_TOKEN'",
        "401, '', hf_x, 'does not let the owner of HF_TOKEN read numind/Tiny'",
        "403, '', '', 'numind/Tiny does not exist, or is private or gated (HTTP status 403)'",
        "404, RepoNotFound, '', '127.0.0.1 has no model numind/Tiny'",
        "404, RepoNotFound, hf_x, 'or hides it from the owner of HF_TOKEN'",
        "404, RevisionNotFound, '', 'numind/Tiny has no revision main at 127.0.0.1'",
        "404, '', '', '127.0.0.1 has no model numind/Tiny with revision main'",
        "418, '', '', '127.0.0.1 refuses numind/Tiny with HTTP status 418'",
    })
    void aRefusalIsPutIntoWords(int status, String code, String token, String words) {
        scene.useToken(token);
        scene.hub()
                .nextListing(
                        MODEL,
                        reply -> FakeReply.of(status).with("X-Error-Code", code).with("X-Error-Message", "not shown"));

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(scene::fetch)
                .withMessageContaining(words)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("not shown", "hf_x"));
        assertThat(scene.pauses()).isEmpty();
    }

    @Test
    void anEncoderThatIsNotThereIsNamed() {
        scene.configure("tiny/vanished");

        assertThatExceptionOfType(HubException.class).isThrownBy(scene::fetch).withMessageContaining("tiny/vanished");
    }

    @Test
    void aFileThatVanishedIsNamed() {
        scene.hub().next("gliner_config.json", reply -> FakeReply.of(404).with("X-Error-Code", "EntryNotFound"));

        fails("127.0.0.1 has no gliner_config.json of numind/Tiny");
    }

    @Test
    void aRefusalOfTheOtherServerShowsNoSignature() {
        scene.hub().next(WEIGHTS, reply -> FakeReply.of(403));

        fails("127.0.0.1 refuses model.safetensors of numind/Tiny with HTTP status 403");
    }

    @Test
    void aPortWhereNobodyListensIsNamedAfterAFewAttempts() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            scene.useEndpoint("http://127.0.0.1:" + socket.getLocalPort());
        }

        fails("127.0.0.1 cannot be reached: nobody listens there (tried 5 times)");
    }

    @Test
    void aNameThatIsNotKnownIsNamed() {
        scene.useEndpoint("http://hub.invalid");

        fails("the name hub.invalid is not known here; is this machine offline? (tried 5 times)");
    }

    @Test
    void aServerThatSpeaksNoTlsIsNoHub() {
        scene.useEndpoint(scene.hub().address().replace("http:", "https:"));

        assertThatExceptionOfType(HubException.class).isThrownBy(scene::fetch).withMessageStartingWith("127.0.0.1 ");
    }

    private void fails(String message) {
        assertThatExceptionOfType(HubException.class).isThrownBy(scene::fetch).withMessage(message);
    }
}
