package io.nuner.model.encode;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Which labels the models of the family accept, and how a label enters the prompt. Immutable. Any thread. */
public final class LabelRules {
    private static final List<String> FORBIDDEN = List.of(
            AddedToken.LABEL_MARKER,
            AddedToken.PROMPT_END,
            AddedToken.OPENING,
            AddedToken.CLOSING,
            AddedToken.PADDING,
            AddedToken.UNKNOWN,
            AddedToken.MASK,
            AddedToken.CONTEXT_SEPARATOR);

    private static final char NEXT_LINE = 0x85;

    /** Strings that no label may contain, because the model reads them as tokens of its own. */
    public List<String> forbiddenSubstrings() {
        return FORBIDDEN;
    }

    /**
     * The label as it is given to the model: without white space at both ends, and in lower case, as the model was trained to
     * read it (model card of NuNER Zero). White space is what has that property in Unicode: U+0009 to U+000D, U+0020, U+0085,
     * U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000.
     */
    public String toPrompt(String label) {
        int start = 0;
        int end = label.length();
        while (start < end && isWhiteSpace(label.charAt(start))) {
            start++;
        }
        while (start < end && isWhiteSpace(label.charAt(end - 1))) {
            end--;
        }
        return label.substring(start, end).toLowerCase(Locale.ROOT);
    }

    /**
     * The first label, if any, that is empty, contains a token, or is the same as an earlier one when given to the model.
     * {@link Prompt#problem} finds the problems that only the tokenizer sees.
     */
    public Optional<LabelProblem> check(List<String> labels) {
        Map<String, Integer> seen = new HashMap<>();
        for (int index = 0; index < labels.size(); index++) {
            String prompt = toPrompt(labels.get(index));
            String fault = fault(labels.get(index), prompt);
            if (fault != null) {
                return Optional.of(LabelProblem.of(index, fault));
            }
            Integer earlier = seen.putIfAbsent(prompt, index);
            if (earlier != null) {
                return Optional.of(LabelProblem.sameTokens(index, earlier));
            }
        }
        return Optional.empty();
    }

    private static @Nullable String fault(String label, String prompt) {
        if (prompt.isEmpty()) {
            return "is empty, or holds nothing but white space";
        }
        String visible = visible(label);
        if (visible.isBlank()) {
            return "holds no visible character";
        }
        for (String token : FORBIDDEN) {
            if (label.contains(token) || visible.contains(token)) {
                return "contains " + token + ", which is a token of the model";
            }
        }
        return null;
    }

    /** Enough to look at single UTF-16 units: all white space lies in the basic plane. */
    private static boolean isWhiteSpace(char character) {
        return Character.isSpaceChar(character) || (character >= '\t' && character <= '\r') || character == NEXT_LINE;
    }

    /** An approximation of what the tokenizer sees: compatibility forms replaced, control and format characters removed. */
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

    /**
     * Why a list of labels is refused. Immutable.
     *
     * @param index the label at fault
     * @param rule what is wrong with it, to be read after its name; never quotes it
     * @param earlier the label from which the model cannot tell it, to be named behind the rule
     */
    public record LabelProblem(int index, String rule, OptionalInt earlier) {
        static LabelProblem of(int index, String rule) {
            return new LabelProblem(index, rule, OptionalInt.empty());
        }

        /** A label which the model cannot tell from an earlier one. */
        static LabelProblem sameTokens(int index, int earlier) {
            return new LabelProblem(index, "gives the model the same tokens as", OptionalInt.of(earlier));
        }

        /** What is wrong with the label, to be read after its name, in a list of that name. */
        public String fault(String list) {
            return earlier.isEmpty() ? rule : rule + " " + list + "[" + earlier.getAsInt() + "]";
        }
    }
}
