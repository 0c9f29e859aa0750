package io.nuner.model.encode.check;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Check of the normalizer of a tokenizer.json: only kinds and regular expressions that the supported encoders have, and no
 * text that grows without bound. One thread.
 */
final class NormalizerCheck {
    private static final String PLACE = "normalizer";
    private static final int MOST = 256;
    private static final int LONGEST_TEXT = 32;

    /** Regular expressions and what they are replaced by; all of them take time linear in the text. */
    private static final Map<String, String> EXPRESSIONS = Map.of(
            " {2,}", " ", // transformers 4, DebertaV2Converter
            "\\s{2,}", " ", // transformers 5
            "\\s+", " ",
            "(?=\\p{Lu})", "^", // cased words for an uncased vocabulary, as our demo model has them
            "(?<=\\^\\p{Ll})\\^", "");

    private final List<JsonPart> steps = new ArrayList<>();
    private final TextGrowth growth = new TextGrowth();

    private NormalizerCheck() {}

    /**
     * Checks it.
     *
     * @throws TokenizerRefused naming the kind that is not supported, or the limit
     */
    static void check(JsonElement normalizer) throws TokenizerRefused {
        NormalizerCheck check = new NormalizerCheck();
        check.flatten(normalizer);
        for (int step = check.steps.size() - 1; step >= 0; step--) {
            check.step(check.steps.get(step));
        }
    }

    private void flatten(JsonElement element) throws TokenizerRefused {
        JsonPart part = JsonPart.of(PLACE, element);
        if (!part.type().equals("Sequence")) {
            steps.add(part);
        } else if (part.values().get("normalizers") instanceof JsonArray inner) {
            part.requireOnly(Set.of("normalizers"));
            for (JsonElement step : inner) {
                flatten(step);
            }
        } else {
            throw new TokenizerRefused(PLACE + ".normalizers is no list");
        }
        if (steps.size() > MOST) {
            throw new TokenizerRefused(PLACE + " has more than " + MOST + " steps");
        }
    }

    private void step(JsonPart step) throws TokenizerRefused {
        switch (step.type()) {
            case "Strip" -> step.requireFlags("strip_left", "strip_right");
            case "Lowercase", "NFC" -> anyBecomes(step, 3);
            case "BertNormalizer" ->
                anyBecomes(step, 3, "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
            case "Precompiled" -> charactersMapped(step);
            case "Prepend" -> prepended(step);
            case "Replace" -> replaced(step);
            default -> throw step.unsupported();
        }
        if (!growth.isBounded()) {
            throw new TokenizerRefused(PLACE + " makes one character more than " + TextGrowth.MOST);
        }
    }

    private void anyBecomes(JsonPart step, int count, String... flags) throws TokenizerRefused {
        step.requireFlags(flags);
        growth.anyBecomes(count);
    }

    private void charactersMapped(JsonPart step) throws TokenizerRefused {
        step.requireOnly(Set.of("precompiled_charsmap"));
        growth.anyBecomes(CharacterMap.longestReplacement(step.text("precompiled_charsmap")));
    }

    private static void prepended(JsonPart step) throws TokenizerRefused {
        step.requireOnly(Set.of("prepend"));
        step.text("prepend", LONGEST_TEXT);
    }

    private void replaced(JsonPart step) throws TokenizerRefused {
        step.requireOnly(Set.of("pattern", "content"));
        String content = step.text("content", LONGEST_TEXT);
        JsonPart pattern = JsonPart.of(PLACE + ".pattern", step.values().get("pattern"));
        if (pattern.values().size() != 1) {
            throw new TokenizerRefused(PLACE + ".pattern is neither one String nor one Regex");
        }
        if (pattern.values().has("Regex")) {
            expressionReplaced(pattern.text("Regex"), content);
            return;
        }
        String found = pattern.text("String", LONGEST_TEXT);
        if (found.isEmpty()) {
            throw new TokenizerRefused(PLACE + ".pattern.String is empty");
        }
        growth.replaced(found, content);
    }

    private void expressionReplaced(String expression, String content) throws TokenizerRefused {
        if (!content.equals(EXPRESSIONS.get(expression))) {
            throw new TokenizerRefused(PLACE + " replaces the regular expression " + TokenizerRefused.quote(expression)
                    + ", which is not supported: no encoder that we implement has it");
        }
        if (expression.startsWith("(?=")) {
            growth.insertedAnywhere(content);
        }
    }
}
