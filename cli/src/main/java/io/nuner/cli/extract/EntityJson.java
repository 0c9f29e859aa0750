package io.nuner.cli.extract;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.nuner.client.Entity;
import io.nuner.client.ExtractionException;
import io.nuner.v1.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of JSON for one text. */
final class EntityJson {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private EntityJson() {}

    static String of(Answer answer, Refusals refusals) {
        ExtractionException failure = answer.failure();
        Problem problem = failure == null
                ? null
                : new Problem(failure.code().name(), refusals.field(failure), refusals.message(answer, failure));
        return problem != null && !answer.isPartial()
                ? GSON.toJson(new Refusal(problem))
                : GSON.toJson(line(answer, problem));
    }

    private static Line line(Answer answer, @Nullable Problem problem) {
        Usage usage = answer.found().usage();
        return new Line(
                answer.found().entities(),
                usage.getTruncated(),
                usage.getTruncated() || problem != null ? usage.getSearchedEnd() : null,
                usage.getLabelGroups() > 1 ? usage.getLabelGroups() : null,
                usage.getCutEntities() > 0 ? usage.getCutEntities() : null,
                usage.getShortenedWords() > 0 ? usage.getShortenedWords() : null,
                problem);
    }

    /** What is null is no member of the JSON: it did not happen. */
    private record Line(
            List<Entity> entities,
            boolean truncated,
            @Nullable Integer searchedEnd,
            @Nullable Integer labelGroups,
            @Nullable Integer cutEntities,
            @Nullable Integer shortenedWords,
            @Nullable Problem error) {}

    private record Refusal(Problem error) {}

    private record Problem(String code, String field, String message) {}
}
