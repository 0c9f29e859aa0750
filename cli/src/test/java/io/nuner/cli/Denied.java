package io.nuner.cli;

import java.util.Arrays;
import java.util.List;

/** Runs several commands in one virtual machine and prints code and line of each; started by {@link PermissionTest}. */
final class Denied {
    private static final String NEXT = "--and--";

    private Denied() {}

    /** Command lines, separated by {@value #NEXT}. */
    public static void main(String... arguments) {
        List<String> words = Arrays.asList(arguments);
        int from = 0;
        while (from < words.size()) {
            int next = words.subList(from, words.size()).indexOf(NEXT);
            int to = next < 0 ? words.size() : from + next;
            CommandRun run = CommandRun.of(words.subList(from, to).toArray(String[]::new));
            System.out.println(run.exitCode() + " " + run.err().strip());
            from = to + 1;
        }
    }
}
