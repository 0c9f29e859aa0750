package io.nuner.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nuner.model.hub.Listing.HubFile;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and addresses: what is taken, and what is refused before anything is asked or written. */
class AddressesTest {
    private static final RepositoryId MODEL = RepositoryId.parse("numind/NuNER_Zero");

    @ParameterizedTest
    @ValueSource(strings = {"numind/NuNER_Zero", "a/b", "microsoft/deberta-v3-large", "x.y/z_1-2.3"})
    void ownerAndNameMakeARepository(String text) {
        assertThat(RepositoryId.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "numind",
                "/",
                "numind/",
                "/NuNER_Zero",
                "a/b/c",
                "../b",
                "a/..",
                "a/.b",
                ".a/b",
                "-a/b",
                "a/-b",
                "a/b..c",
                "a b/c",
                "a/b?c",
                "a/b%2e",
                "a/b@c",
                "ä/b",
                "a/b\n",
                "https://huggingface.co/numind/NuNER_Zero"
            })
    void anythingElseIsNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> RepositoryId.parse(text));
    }

    @Test
    void namesHaveALimit() {
        String longest = "n".repeat(96);

        assertThat(RepositoryId.parse("a/" + longest).name()).isEqualTo(longest);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RepositoryId.parse("a/n" + longest))
                .withMessageContaining("at most 96");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "../x", "a..b", "x\n", "ü"})
    void aRevisionThatGitCannotHaveIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Revision(name));
    }

    @Test
    void onlyFortyHexDigitsAreACommit() {
        assertThat(new Revision("0123456789abcdef0123456789abcdef01234567").isCommit())
                .isTrue();
        assertThat(new Revision("0123456789ABCDEF0123456789abcdef01234567").isCommit())
                .isFalse();
        assertThat(new Revision("0123456789abcdef0123456789abcdef0123456").isCommit())
                .isFalse();
        assertThat(new Revision("main").isCommit()).isFalse();
    }

    @Test
    void addressesAreThoseOfTheHubsFileApi() {
        HubEndpoint endpoint = HubEndpoint.parse("https://mirror.example/hub/");
        HubFile file = new HubFile(MODEL, "c0ffee", "model.safetensors");

        assertThat(endpoint.listing(MODEL, new Revision("refs/pr/1")))
                .hasToString(
                        "https://mirror.example/hub/api/models/numind/NuNER_Zero/revision/refs%2Fpr%2F1?blobs=true");
        assertThat(endpoint.file(file))
                .hasToString("https://mirror.example/hub/numind/NuNER_Zero/resolve/c0ffee/model.safetensors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "huggingface.co",
                "ftp://huggingface.co",
                "https://",
                "https:///x",
                "https://user:secret@hub.example",
                "https://hub.example?x",
                "https://hub.example#x",
                "https://hub example",
                "file:///etc"
            })
    void anEndpointIsAPlainWebAddress(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HubEndpoint.parse(address))
                .withMessageStartingWith("must be an http or https address such as https://huggingface.co")
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("secret"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.example/x, true",
        "https://HUB.example:443/x, true",
        "HTTPS://hub.example, true",
        "http://hub.example/x, false",
        "https://hub.example:8443/x, false",
        "https://cdn.hub.example/x, false",
        "https://hub.example.evil/x, false",
        "https://evil/hub.example, false",
    })
    void theTokenBelongsToOneOrigin(String uri, boolean isOrigin) {
        assertThat(HubEndpoint.parse("https://hub.example").isOriginOf(URI.create(uri)))
                .isEqualTo(isOrigin);
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.example/a/b, /c, https://hub.example/c",
        "https://hub.example/a/b, c, https://hub.example/a/c",
        "https://hub.example/a/b, //cdn.example/c?s=1, https://cdn.example/c?s=1",
        "http://hub.example/a, https://cdn.example/c, https://cdn.example/c",
        "http://hub.example/a, http://cdn.example/c, http://cdn.example/c",
    })
    void aRedirectMayLeadElsewhereOnTheWeb(URI from, String location, URI target) throws HubException {
        assertThat(HubEndpoint.redirected(from, location)).isEqualTo(target);
    }

    @Test
    void anEncryptedExchangeStaysEncrypted() {
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() ->
                        HubEndpoint.redirected(URI.create("https://hub.example/a"), "http://hub.example/a?s=secret"))
                .withMessage("hub.example redirects from https to http, which is refused");
    }

    @Test
    void aTokenIsStrippedAndNeverPrinted() {
        AccessToken token = AccessToken.of(" hf_secret\n");

        assertThat(token.authorization()).contains("Bearer hf_secret");
        assertThat(token.toString()).doesNotContain("hf_secret");
        assertThat(AccessToken.of(" ").authorization()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf_sec\nret", "hf_sec ret", "hf_sécret"})
    void aTokenThatNoHeaderCanCarryIsRefusedUnseen(String secret) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AccessToken.of(secret))
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("hf_"));
    }
}
