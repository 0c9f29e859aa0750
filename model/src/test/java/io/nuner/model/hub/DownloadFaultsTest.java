package io.nuner.model.hub;

import static io.nuner.model.hub.FetchScene.WEIGHTS;
import static io.nuner.model.hub.FetchScene.WEIGHTS_SIZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nuner.model.hub.FakeReply.Ending;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What breaks on the way is continued, repeated or refused. */
class DownloadFaultsTest {
    private static final int HALF = WEIGHTS_SIZE / 2;

    @TempDir
    private Path cache;

    @RegisterExtension
    private final FetchScene scene = new FetchScene(() -> cache);

    @Test
    void aTruncatedBodyIsContinuedWhereItEnded() throws Exception {
        scene.hub().next(WEIGHTS, DownloadFaultsTest::cut);

        fetchesIntact();

        assertThat(ranges()).containsExactly("", "bytes=" + HALF + "-");
        assertThat(requests().get(1).header("if-range")).isEqualTo("\"parts-" + WEIGHTS_SIZE + '"');
        assertThat(scene.pauses()).hasSize(1);
        assertThat(scene.progress().files()).contains("finished at " + WEIGHTS_SIZE);
    }

    @Test
    void aBodyThatEndsEarlyWithoutAnnouncedLengthIsContinued() throws Exception {
        scene.hub().next(WEIGHTS, reply -> cut(reply.without("Content-Length")));

        fetchesIntact();

        assertThat(ranges()).containsExactly("", "bytes=" + HALF + "-");
    }

    @Test
    void aServerThatEndsEveryBodyAtOnceIsGivenUp() {
        for (int attempt = 0; attempt < 6; attempt++) {
            scene.hub().next(WEIGHTS, reply -> reply.without("Content-Length").endingAfter(0, Ending.CLOSE));
        }

        fails("127.0.0.1 ended the file too early (tried 5 times)");
    }

    @Test
    void aResetConnectionIsContinued() throws Exception {
        scene.hub().next(WEIGHTS, reply -> reply.endingAfter(HALF, Ending.RESET));

        fetchesIntact();

        assertThat(ranges()).hasSize(2);
    }

    @Test
    void aServerThatFallsSilentIsLeftAndAskedAgain() throws Exception {
        scene.use(new HubClient.Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(1)));
        scene.hub().next(WEIGHTS, reply -> reply.endingAfter(HALF, Ending.SILENCE));

        fetchesIntact();

        assertThat(scene.progress().notes()).anyMatch(note -> note.startsWith("127.0.0.1 fell silent; trying again"));
    }

    @Test
    void aServerThatNeverAnswersIsLeftAndAskedAgain() throws Exception {
        scene.use(new HubClient.Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(10)));
        scene.hub().nextListing(FetchScene.MODEL, reply -> reply.withoutHead());

        fetchesIntact();

        assertThat(scene.progress().notes()).anyMatch(note -> note.startsWith("127.0.0.1 fell silent; trying again"));
    }

    @Test
    void whatAnInterruptedFetchLeftIsNotFetchedAgain() throws Exception {
        giveUpAfterHalf();
        assertThat(scene.directory()).doesNotExist();
        assertThat(FetchScene.files(scene.unfinished()))
                .containsExactly("gliner_config.json", WEIGHTS + ".part", WEIGHTS + ".tag.part", "spm.model");
        int before = ranges().size();

        fetchesIntact();

        assertThat(ranges().subList(before, ranges().size())).containsExactly("bytes=" + HALF + "-");
        assertThat(scene.hub().requestsFor("spm.model")).isEqualTo(2); // the redirect and the content, once
        assertThat(scene.progress().files()).contains(WEIGHTS + " from " + HALF + " to " + WEIGHTS_SIZE);
    }

    @Test
    void aFileThatChangedMeanwhileBeginsAnew() throws Exception {
        scene.hub().next(WEIGHTS, reply -> cut(reply.with("ETag", "\"an older one\"")));

        fetchesIntact();

        assertThat(ranges()).containsExactly("", "bytes=" + HALF + "-");
        assertThat(scene.progress().files()).contains("finished at " + WEIGHTS_SIZE);
    }

    @Test
    void aRangeOfAnotherFileIsNotTaken() throws Exception {
        scene.hub().next(WEIGHTS, DownloadFaultsTest::cut);
        scene.hub().next(WEIGHTS, reply -> reply.with("ETag", "\"another\""));

        fetchesIntact();

        assertThat(ranges()).containsExactly("", "bytes=" + HALF + "-", "");
    }

    @Test
    void anotherRangeThanAskedForIsNotTaken() throws Exception {
        scene.hub().next(WEIGHTS, DownloadFaultsTest::cut);
        scene.hub().next(WEIGHTS, reply -> reply.with("Content-Range", "bytes 0-1/2"));

        fetchesIntact();

        assertThat(ranges()).containsExactly("", "bytes=" + HALF + "-", "");
    }

    @Test
    void aServerThatIgnoresRangesSendsItAllAgain() throws Exception {
        scene.hub().next(WEIGHTS, DownloadFaultsTest::cut);
        scene.hub().next(WEIGHTS, reply -> FakeReply.of(200, scene.weights()));

        fetchesIntact();

        assertThat(ranges()).containsExactly("", "bytes=" + HALF + "-");
    }

    @Test
    void aServerWithoutTagsIsContinuedAllTheSame() throws Exception {
        scene.hub().next(WEIGHTS, reply -> cut(reply.without("ETag")));

        fetchesIntact();

        assertThat(requests().get(1).header("range")).isEqualTo("bytes=" + HALF + "-");
        assertThat(requests().get(1).headers()).doesNotContainKey("if-range");
    }

    @Test
    void aRangeThatCannotBeSatisfiedBeginsAnew() throws Exception {
        scene.hub().next(WEIGHTS, DownloadFaultsTest::cut);
        scene.hub().next(WEIGHTS, reply -> FakeReply.of(416));

        fetchesIntact();

        assertThat(ranges()).containsExactly("", "bytes=" + HALF + "-", "");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void aHubInTroubleIsAskedAgain(int status) throws Exception {
        scene.hub().nextListing(FetchScene.MODEL, reply -> FakeReply.of(status));
        scene.hub().next("gliner_config.json", reply -> FakeReply.of(status));
        scene.hub().next(WEIGHTS, reply -> FakeReply.of(status));

        fetchesIntact();

        assertThat(scene.pauses()).hasSize(3);
    }

    @Test
    void aHubThatNamesAPauseGetsIt() throws Exception {
        scene.hub().nextListing(FetchScene.MODEL, reply -> FakeReply.of(429).with("Retry-After", "7"));

        fetchesIntact();

        assertThat(scene.pauses()).containsExactly(Duration.ofSeconds(7));
        assertThat(scene.progress().notes())
                .contains("127.0.0.1 asks to slow down (HTTP status 429); trying again in 7.0 s");
    }

    @Test
    void aPauseBeyondAMinuteIsLeftToTheUser() {
        scene.hub().nextListing(FetchScene.MODEL, reply -> FakeReply.of(429).with("Retry-After", "3600"));

        fails("127.0.0.1 asks to slow down (HTTP status 429); it asks to wait 3600 s");
        assertThat(scene.pauses()).isEmpty();
    }

    @Test
    void whatDoesNotGetFurtherIsGivenUp() {
        for (int attempt = 0; attempt < 5; attempt++) {
            scene.hub().nextListing(FetchScene.MODEL, reply -> FakeReply.of(503));
        }

        fails("127.0.0.1 is in trouble (HTTP status 503) (tried 5 times)");
        assertThat(scene.pauses()).hasSize(4);
    }

    @Test
    void aLongDownloadMayBreakMoreOftenAsLongAsItGetsFurther() throws Exception {
        for (int cut = 0; cut < 12; cut++) {
            scene.hub().next(WEIGHTS, reply -> reply.endingAfter(WEIGHTS_SIZE / 20, Ending.CLOSE));
        }

        fetchesIntact();

        assertThat(ranges()).hasSize(13);
    }

    @Test
    void aDamagedFileIsFetchedOnceMore() throws Exception {
        scene.hub().next(WEIGHTS, DownloadFaultsTest::garbled);

        fetchesIntact();

        assertThat(ranges()).containsExactly("", "");
        assertThat(scene.progress().notes())
                .contains("model.safetensors of numind/Tiny has a wrong checksum; fetching it again");
    }

    @ParameterizedTest
    @ValueSource(strings = {WEIGHTS, "gliner_config.json"})
    void aFileThatStaysDamagedIsRefusedByName(String file) {
        scene.hub().next(file, DownloadFaultsTest::garbled);
        scene.hub().next(file, DownloadFaultsTest::garbled);

        fails(file + " of numind/Tiny arrived twice with another checksum than the hub announces");
        assertThat(FetchScene.files(scene.unfinished())).doesNotContain(file, file + ".part", file + ".tag.part");
    }

    @Test
    void aDamagedBeginningIsNotContinuedForever() throws Exception {
        scene.hub().next(WEIGHTS, reply -> cut(garbled(reply)));

        fetchesIntact();

        assertThat(ranges()).containsExactly("", "bytes=" + HALF + "-", "");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, WEIGHTS_SIZE - 1, WEIGHTS_SIZE + 1, 2 * WEIGHTS_SIZE})
    void aSizeOtherThanTheAnnouncedIsNotTaken(int size) throws Exception {
        scene.hub().next(WEIGHTS, reply -> FakeReply.of(200, new byte[size]));
        scene.hub().next(WEIGHTS, reply -> FakeReply.of(200, new byte[size]).without("Content-Length"));

        fetchesIntact();

        assertThat(ranges()).hasSizeGreaterThan(2);
    }

    private static FakeReply cut(FakeReply reply) {
        return reply.endingAfter(HALF, Ending.CLOSE);
    }

    private static FakeReply garbled(FakeReply reply) {
        return reply.withBody(new byte[reply.body().length]);
    }

    private void giveUpAfterHalf() {
        scene.hub().next(WEIGHTS, DownloadFaultsTest::cut);
        for (int attempt = 0; attempt < 4; attempt++) {
            scene.hub().next(WEIGHTS, reply -> FakeReply.of(503));
        }
        fails("127.0.0.1 is in trouble (HTTP status 503) (tried 5 times)");
    }

    private void fetchesIntact() throws Exception {
        assertThat(scene.fetch().resolve(WEIGHTS)).hasBinaryContent(scene.weights());
        assertThat(FetchScene.files(scene.directory()))
                .containsExactly("fetched.json", "gliner_config.json", WEIGHTS, "spm.model");
    }

    private void fails(String message) {
        assertThatExceptionOfType(HubException.class).isThrownBy(scene::fetch).withMessage(message);
        assertThat(scene.directory()).doesNotExist();
    }

    /** What was asked of the server with the weights, in order. */
    private List<FakeRequest> requests() {
        return scene.hub().requestsToCdn().stream()
                .filter(request -> request.path().endsWith(WEIGHTS))
                .toList();
    }

    private List<String> ranges() {
        return requests().stream().map(request -> request.header("range")).toList();
    }
}
