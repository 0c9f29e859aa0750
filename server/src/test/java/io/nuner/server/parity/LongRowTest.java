package io.nuner.server.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.Usage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that reads 256 tokens, behind an engine that would take 4096: the smaller bound holds. */
class LongRowTest {
    private static final int MAX_TOKENS = 256;
    private static final int PROMPT_TOKENS = 4; // [CLS], the marker, the label, the end of the prompt
    private static final int FITTING_WORDS = MAX_TOKENS - PROMPT_TOKENS - 1;

    @TempDir
    private Path scratch;

    @SuppressWarnings("NullAway.Init")
    private ServedFixture served;

    @BeforeEach
    void serve() throws Exception {
        served = ServedFixture.serve(Fixtures.BERT_W1, WeightsFormat.SAFETENSORS, scratch);
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void theServerTellsTheModelsBound() {
        var limits = served.calls()
                .getServerInfo(GetServerInfoRequest.getDefaultInstance())
                .getLimits();

        assertThat(limits.getMaxTokens()).isEqualTo(MAX_TOKENS);
        assertThat(limits.getMaxWords()).isEqualTo(384);
    }

    @Test
    void aRowThatTakesEveryPositionIsSearched() {
        Usage usage =
                extract(FITTING_WORDS, LongTextPolicy.LONG_TEXT_POLICY_REJECT).getUsage();

        assertThat(usage.getPromptTokens() + usage.getTextTokens()).isEqualTo(MAX_TOKENS);
        assertThat(usage.getTruncated()).isFalse();
    }

    @Test
    void oneTokenMoreIsRefusedWithTheFieldAndTheLimit() {
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class, () -> extract(FITTING_WORDS + 1, LongTextPolicy.LONG_TEXT_POLICY_REJECT));

        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal.getStatus().getDescription())
                .isEqualTo("text and labels together must have at most 256 tokens, but have 257;"
                        + " long_text WINDOW searches all of it, in windows, TRUNCATE its first words");
    }

    @Test
    void theWordsThatFitAreSearchedIfTheCallerAllowsIt() {
        for (int words : List.of(FITTING_WORDS + 1, 384, 1000)) {
            Usage usage =
                    extract(words, LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE).getUsage();

            assertThat(usage.getWords()).isEqualTo(FITTING_WORDS);
            assertThat(usage.getPromptTokens() + usage.getTextTokens()).isEqualTo(MAX_TOKENS);
            assertThat(usage.getTruncated()).isTrue();
        }
    }

    @Test
    void labelsThatLeaveNoRoomAreRefused() {
        ExtractRequest request = request(1, LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE)
                .addLabels("a ".repeat(90) + "b")
                .addLabels("a ".repeat(90) + "c")
                .addLabels("a ".repeat(90) + "d")
                .build();

        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class, () -> served.calls().extract(request));

        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal.getStatus().getDescription())
                .startsWith("labels must have at most 254 tokens together, which leaves room for text, but have 280");
    }

    private ExtractResponse extract(int words, LongTextPolicy policy) {
        return served.calls().extract(request(words, policy).build());
    }

    private static ExtractRequest.Builder request(int words, LongTextPolicy policy) {
        return ExtractRequest.newBuilder()
                .setText("a ".repeat(words))
                .addLabels("person")
                .setOptions(ExtractOptions.newBuilder().setLongText(policy));
    }
}
