package io.nuner.model.encode;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which labels the models of the family accept, and how a label enters the prompt. Immutable. Any thread. */
public final class LabelRules {
    private static final List<String> FORBIDDEN = List.of(
            AddedTokens.LABEL_MARKER,
            AddedTokens.PROMPT_END,
            AddedTokens.OPENING,
            AddedTokens.CLOSING,
            AddedTokens.PADDING,
            AddedTokens.UNKNOWN,
            AddedTokens.MASK,
            AddedTokens.CONTEXT_SEPARATOR);

    /** Strings that no label may contain, because the model reads them as tokens of its own. */
    public List<String> forbiddenSubstrings() {
        return FORBIDDEN;
    }

    /** The label as the model was trained to read it: in lower case (model card of NuNER Zero). */
    public String toPrompt(String label) {
        return label.toLowerCase(Locale.ROOT);
    }

    /** The first label, if any, that is blank, repeats an earlier one after lower-casing, or contains a token. */
    public Optional<LabelProblem> check(List<String> labels) {
        Map<String, Integer> seen = new HashMap<>();
        for (int index = 0; index < labels.size(); index++) {
            String fault = fault(labels.get(index));
            if (fault != null) {
                return Optional.of(new LabelProblem(index, "label " + index + " " + fault));
            }
            Integer earlier = seen.putIfAbsent(toPrompt(labels.get(index)), index);
            if (earlier != null) {
                return Optional.of(new LabelProblem(
                        index,
                        "label " + index + " repeats label " + earlier + " (labels are compared in lower case)"));
            }
        }
        return Optional.empty();
    }

    private static @Nullable String fault(String label) {
        String visible = visible(label);
        if (visible.isBlank()) {
            return "is blank";
        }
        for (String token : FORBIDDEN) {
            if (label.contains(token) || visible.contains(token)) {
                return "contains " + token + ", which is a token of the model";
            }
        }
        return null;
    }

    /** About what the tokenizer sees: compatibility forms replaced, control and format characters gone. */
    private static String visible(String label) {
        StringBuilder kept = new StringBuilder(label.length());
        Normalizer.normalize(label, Normalizer.Form.NFKC)
                .codePoints()
                .filter(LabelRules::isVisible)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }

    private static boolean isVisible(int codePoint) {
        int type = Character.getType(codePoint);
        return type != Character.CONTROL && type != Character.FORMAT;
    }
}
