package io.nuner.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.nuner.client.Entity;
import io.nuner.client.Extraction;
import io.nuner.client.ExtractionException;
import java.util.List;
import java.util.Optional;

/** One line of JSON for one text. */
final class EntityJson {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private EntityJson() {}

    static String of(Extraction extraction) {
        List<Entity> entities = extraction.entities();
        return GSON.toJson(new Answer(entities, extraction.usage().getTruncated()));
    }

    static String of(ExtractionException refusal) {
        Optional<String> field = refusal.field();
        Problem problem = new Problem(refusal.code().name(), field.orElse(""), String.valueOf(refusal.getMessage()));
        return GSON.toJson(new Refusal(problem));
    }

    private record Answer(List<Entity> entities, boolean truncated) {}

    private record Refusal(Problem error) {}

    private record Problem(String code, String field, String message) {}
}
