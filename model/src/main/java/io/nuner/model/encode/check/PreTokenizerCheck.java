package io.nuner.model.encode.check;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.util.List;
import java.util.Set;

/** Check of the parts of a tokenizer.json that cut text, join it or frame it: only kinds that the supported encoders have. */
final class PreTokenizerCheck {
    private static final String PLACE = "pre_tokenizer";
    private static final String PARTS = "pretokenizers";
    private static final int MOST = 8;
    private static final String WORD_START = "\u2581";
    private static final List<String> SCHEMES = List.of("always", "first", "never");

    private PreTokenizerCheck() {}

    /**
     * Checks it.
     *
     * @throws TokenizerRefused naming the kind that is not supported
     */
    static void check(JsonElement preTokenizer) throws TokenizerRefused {
        JsonPart part = JsonPart.of(PLACE, preTokenizer);
        if (!part.type().equals("Sequence")) {
            single(part);
            return;
        }
        part.requireOnly(Set.of(PARTS));
        if (!(part.values().get(PARTS) instanceof JsonArray parts) || parts.size() > MOST) {
            throw new TokenizerRefused(PLACE + "." + PARTS + " is no list of up to " + MOST);
        }
        for (JsonElement inner : parts) {
            single(JsonPart.of(PLACE, inner));
        }
    }

    /** Refuses a part of another kind than these; for parts that this program neither uses nor passes on. */
    static void requireKind(String place, JsonElement element, Set<String> kinds) throws TokenizerRefused {
        if (element.isJsonNull()) {
            return;
        }
        JsonPart part = JsonPart.of(place, element);
        if (!kinds.contains(part.type())) {
            throw part.unsupported();
        }
    }

    private static void single(JsonPart part) throws TokenizerRefused {
        switch (part.type()) {
            case "BertPreTokenizer" -> part.requireOnly(Set.of());
            case "Punctuation" -> punctuation(part);
            case "Metaspace" -> metaspace(part);
            default -> throw part.unsupported();
        }
    }

    private static void punctuation(JsonPart part) throws TokenizerRefused {
        part.requireOnly(Set.of("behavior"));
        if (part.values().has("behavior") && !part.text("behavior").equals("Isolated")) {
            throw new TokenizerRefused(PLACE + ".behavior is not Isolated, nothing else is supported");
        }
    }

    private static void metaspace(JsonPart part) throws TokenizerRefused {
        part.requireOnly(Set.of("replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep"));
        part.requireFlag("split");
        part.requireFlag("add_prefix_space");
        for (String key : List.of("replacement", "str_rep")) {
            if (part.values().has(key) && !part.text(key).equals(WORD_START)) {
                throw new TokenizerRefused(PLACE + "." + key + " is not " + WORD_START + ", nothing else is supported");
            }
        }
        if (part.values().has("prepend_scheme") && !SCHEMES.contains(part.text("prepend_scheme"))) {
            throw new TokenizerRefused(PLACE + ".prepend_scheme is none of " + String.join(", ", SCHEMES));
        }
    }
}
