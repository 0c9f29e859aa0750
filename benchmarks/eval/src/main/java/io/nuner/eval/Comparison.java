package io.nuner.eval;

import io.nuner.client.ExtractionClient;
import io.nuner.client.Outcome;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.ModelInfo;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The same evaluation of two servers, side by side: both are asked about every text, with the same labels and options.
 * Immutable.
 */
public record Comparison(Evaluation evaluation) {
    /**
     * Asks both about all texts and compares the answers with the annotations and with each other.
     *
     * @param answered is told, by the calling thread, how many texts are done
     * @throws SideException if one cannot be asked any longer, or refuses a text that the other answers
     * @throws IncomparableException if they serve models of different families, or resolve options differently
     */
    public ComparisonReport run(ExtractionClient a, ExtractionClient b, IntConsumer answered)
            throws SideException, IncomparableException, InterruptedException {
        AskedServer serverA = evaluation.server(Side.A, a);
        AskedServer serverB = evaluation.server(Side.B, b);
        GetServerInfoResponse infoA = serverA.info();
        GetServerInfoResponse infoB = serverB.info();
        requireOneFamily(infoA.getModel(), infoB.getModel());
        requireOneQuestion(infoA, infoB);
        Evaluation.Asked asked = evaluation.ask(List.of(serverA, serverB), answered);
        requireSameRefusals(asked);
        Answers answersA = asked.of(0);
        Answers answersB = asked.of(1);
        return ComparisonReport.of(
                EvalReport.of(evaluation, infoA, answersA, asked.seconds()),
                EvalReport.of(evaluation, infoB, answersB, asked.seconds()),
                asked.texts(),
                answersA,
                answersB);
    }

    private static void requireOneFamily(ModelInfo a, ModelInfo b) throws IncomparableException {
        require("their encoder", a.getEncoder(), b.getEncoder());
        require("their span mode", a.getSpanMode(), b.getSpanMode());
        require("the words of their longest span", "" + a.getMaxWidth(), "" + b.getMaxWidth());
    }

    /** What the command line leaves to the servers has to mean the same to both. */
    private void requireOneQuestion(GetServerInfoResponse a, GetServerInfoResponse b) throws IncomparableException {
        EvalReport.Settings settingsA = EvalReport.Settings.of(evaluation, a);
        EvalReport.Settings settingsB = EvalReport.Settings.of(evaluation, b);
        require("their default merge rule", settingsA.merge(), settingsB.merge());
        require("their default for long texts", settingsA.longText(), settingsB.longText());
    }

    private static void require(String what, String a, String b) throws IncomparableException {
        if (!a.equals(b)) {
            throw new IncomparableException(what, a, b);
        }
    }

    /** A text that both refuse counts as missed by both, as it does where one server is asked. */
    private static void requireSameRefusals(Evaluation.Asked asked) throws SideException {
        for (int i = 0; i < asked.outcomes().size(); i++) {
            Outcome a = asked.outcomes().get(i).get(0);
            Outcome b = asked.outcomes().get(i).get(1);
            if (a instanceof Outcome.Refused refused && !(b instanceof Outcome.Refused)) {
                throw SideException.about(asked.texts().get(i), Side.A, refused.reason());
            }
            if (b instanceof Outcome.Refused refused && !(a instanceof Outcome.Refused)) {
                throw SideException.about(asked.texts().get(i), Side.B, refused.reason());
            }
        }
    }
}
