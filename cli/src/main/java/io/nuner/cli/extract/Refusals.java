package io.nuner.cli.extract;

import io.grpc.Status;
import io.nuner.cli.common.FieldWords;
import io.nuner.cli.common.ServerAddress;
import io.nuner.client.ExtractionException;
import io.nuner.v1.ErrorReason;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Says why texts were refused in the words of the command line instead of the contract's. Immutable. */
final class Refusals {
    private final ServerAddress server;
    private final List<String> labelPlaces;

    /**
     * Refusals of one command.
     *
     * @param labelPlaces where each label stands, as the user knows it
     */
    Refusals(ServerAddress server, List<String> labelPlaces) {
        this.server = server;
        this.labelPlaces = List.copyOf(labelPlaces);
    }

    /** In one line, with the code. */
    String describe(Answer answer) {
        ExtractionException failure = answer.failure();
        if (failure == null) {
            return "";
        }
        boolean ofServer = failure.code() == Status.Code.UNAVAILABLE || failure.code() == Status.Code.DEADLINE_EXCEEDED;
        if (!ofServer) {
            return failure.code() + ": " + message(answer, failure);
        }
        String line = failure.reason() == ErrorReason.ERROR_REASON_DRAINING
                ? "UNAVAILABLE: --target " + server.target() + " stops"
                : server.describe(failure);
        return line + progress(answer);
    }

    private static String progress(Answer answer) {
        return answer.isPartial()
                ? "; " + answer.text().place() + " was searched up to offset " + answer.searchedEnd()
                : "";
    }

    /** Without the code. */
    String message(Answer answer, ExtractionException failure) {
        AskedText text = answer.text();
        String said = FieldWords.alone(String.valueOf(failure.getMessage()));
        if (isTooLarge(failure)) {
            int bytes = text.text().getBytes(StandardCharsets.UTF_8).length;
            return text.place() + " is too large with " + bytes + " bytes (" + said + "); split it"
                    + (text.isLine() ? "" : ", or ask for each of its lines with --lines");
        }
        String placed = said.startsWith("text ") ? text.place() + said.substring("text".length()) : said;
        return FieldWords.of(placed, labelPlaces) + progress(answer);
    }

    /** The field as programs know it, however the text travelled. */
    String field(ExtractionException failure) {
        return FieldWords.alone(failure.field().orElse(""));
    }

    /** Also where gRPC's own check comes first, which gives no reason. */
    private static boolean isTooLarge(ExtractionException failure) {
        boolean byGrpc = failure.code() == Status.Code.RESOURCE_EXHAUSTED
                && failure.reason() == ErrorReason.ERROR_REASON_UNSPECIFIED
                && failure.retryAfter().isEmpty();
        boolean ofBytes = failure.reason() == ErrorReason.ERROR_REASON_TEXT_TOO_LONG
                && "bytes".equals(failure.metadata().get("unit"));
        return byGrpc || ofBytes || failure.reason() == ErrorReason.ERROR_REASON_MESSAGE_TOO_LARGE;
    }
}
