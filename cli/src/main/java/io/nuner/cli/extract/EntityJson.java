package io.nuner.cli.extract;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.nuner.client.Entity;
import io.nuner.client.Extraction;
import io.nuner.client.ExtractionException;
import io.nuner.v1.Usage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One line of JSON for one text. */
final class EntityJson {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private EntityJson() {}

    static String of(Extraction extraction) {
        List<Entity> entities = extraction.entities();
        Usage usage = extraction.usage();
        return GSON.toJson(new Answer(
                entities,
                usage.getTruncated(),
                usage.getTruncated() ? usage.getSearchedEnd() : null,
                usage.getLabelGroups() > 1 ? usage.getLabelGroups() : null,
                usage.getCutEntities() > 0 ? usage.getCutEntities() : null,
                usage.getShortenedWords() > 0 ? usage.getShortenedWords() : null));
    }

    static String of(ExtractionException refusal) {
        Optional<String> field = refusal.field();
        Problem problem = new Problem(refusal.code().name(), field.orElse(""), String.valueOf(refusal.getMessage()));
        return GSON.toJson(new Refusal(problem));
    }

    /** What is null is no member of the JSON: it did not happen. */
    private record Answer(
            List<Entity> entities,
            boolean truncated,
            @Nullable Integer searchedEnd,
            @Nullable Integer labelGroups,
            @Nullable Integer cutEntities,
            @Nullable Integer shortenedWords) {}

    private record Refusal(Problem error) {}

    private record Problem(String code, String field, String message) {}
}
