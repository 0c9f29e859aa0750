package io.nuner.eval;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a line of CoNLL-like text holds the token and the tag; columns count from 1.
 *
 * @param token column of the token
 * @param tag column of the tag; 0 is the last one
 */
public record Columns(int token, int tag) {
    /** The token comes first, the tag last. */
    public static final Columns DEFAULT = new Columns(1, 0);

    public Columns {
        if (token < 1) {
            throw new IllegalArgumentException("token-column must be at least 1, but was " + token);
        }
        if (tag < 0) {
            throw new IllegalArgumentException("tag-column must be at least 0, but was " + tag);
        }
    }

    /** The columns of a line: between tabs if it has any, else between runs of blanks; blanks around a column fall off. */
    static List<String> split(String line) {
        boolean tabbed = line.indexOf('\t') >= 0;
        char separator = tabbed ? '\t' : ' ';
        List<String> columns = new ArrayList<>();
        int start = 0;
        for (int end = line.indexOf(separator); start <= line.length(); end = line.indexOf(separator, start)) {
            int stop = end < 0 ? line.length() : end;
            String column = withoutBlanksAround(line.substring(start, stop));
            if (tabbed || !column.isEmpty()) {
                columns.add(column);
            }
            start = stop + 1;
        }
        return columns;
    }

    /** Only blanks: other white space may be a token. */
    private static String withoutBlanksAround(String column) {
        int start = 0;
        int end = column.length();
        while (start < end && column.charAt(start) == ' ') {
            start++;
        }
        while (end > start && column.charAt(end - 1) == ' ') {
            end--;
        }
        return column.substring(start, end);
    }

    String tokenIn(List<String> columns) {
        return token <= columns.size() ? columns.get(token - 1) : "";
    }

    String tagIn(List<String> columns) {
        int column = tag == 0 ? columns.size() : tag;
        return column >= 1 && column <= columns.size() ? columns.get(column - 1) : "";
    }
}
