package io.nuner.load;

import com.google.gson.stream.JsonWriter;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.Usage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The valid calls of a run in the order they should have started, for a simulation. Calls are entered by the sending thread;
 * what texts and labels cost is learned on any thread; written when both have ended.
 */
public final class TraceLog {
    /** What a file holds. Immutable. */
    public record Written(long written, long leftOut) {}

    /** Calls that may be kept: about 300 MB. */
    public static final int MAX_CALLS = 5_000_000;

    private final AtomicIntegerArray textTokens;
    private final AtomicIntegerArray promptTokens;
    private final Workload workload;
    private final int maxCalls;
    private NextCall[] kept = new NextCall[1024];
    private long[] atMicros = new long[1024];
    private int calls;
    private long beyond;

    /**
     * The calls of a workload.
     *
     * @param maxCalls that are kept; the calls beyond are only counted
     */
    public TraceLog(Workload workload, int maxCalls) {
        this.workload = workload;
        this.maxCalls = maxCalls;
        this.textTokens = new AtomicIntegerArray(workload.texts());
        this.promptTokens = new AtomicIntegerArray(workload.labels().size());
    }

    /** A call was sent, whose intended time is {@code atNanos} after the beginning of the first step. */
    void sent(NextCall asked, long atNanos) {
        if (asked.kind() != NextCall.Kind.VALID) {
            return;
        }
        if (calls == maxCalls) {
            beyond++;
            return;
        }
        if (calls == kept.length) {
            kept = Arrays.copyOf(kept, 2 * calls);
            atMicros = Arrays.copyOf(atMicros, 2 * calls);
        }
        kept[calls] = asked;
        atMicros[calls] = TimeUnit.NANOSECONDS.toMicros(atNanos);
        calls++;
    }

    /** An answer tells the tokens of its text and of its labels. */
    void answered(NextCall asked, ExtractResponse response) {
        Usage usage = response.getUsage();
        if (asked.kind() != NextCall.Kind.MALFORMED && usage.getTextTokens() > 0 && usage.getPromptTokens() > 0) {
            textTokens.accumulateAndGet(asked.text(), usage.getTextTokens(), Math::max);
            promptTokens.set(asked.labels(), usage.getPromptTokens());
        }
    }

    /**
     * Writes a line of JSON for each call whose text and labels were in some answer.
     *
     * @param maxTokens to which the server cuts a text with its labels; 0 if it does not
     */
    public Written write(Writer out, int maxTokens) throws IOException {
        long leftOut = beyond;
        for (int i = 0; i < calls; i++) {
            int text = textTokens.get(kept[i].text());
            int prompt = promptTokens.get(kept[i].labels());
            if (text == 0 || prompt == 0) {
                leftOut++;
                continue;
            }
            int tokens = maxTokens == 0 ? text + prompt : Math.min(text + prompt, maxTokens);
            out.write(line(i, tokens));
        }
        return new Written(calls + beyond - leftOut, leftOut);
    }

    private String line(int index, int tokens) throws IOException {
        NextCall asked = kept[index];
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            json.name("at_micros").value(atMicros[index]);
            json.name("tokens").value(tokens);
            json.name("labels").value(workload.labels().set(asked.labels()).size());
            json.name("tenant").value(workload.tenant(asked));
            json.name("bulk").value(asked.bulk());
            json.name("deadline_millis").value(TimeUnit.NANOSECONDS.toMillis(asked.deadlineNanos()));
            json.endObject();
        }
        return text.append('\n').toString();
    }
}
