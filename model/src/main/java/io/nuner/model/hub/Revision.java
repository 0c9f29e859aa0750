package io.nuner.model.hub;

/**
 * A branch, a tag or a commit of a repository. Immutable.
 *
 * @param name as git writes it
 */
public record Revision(String name) {
    /** The default branch of a hub. */
    public static final String DEFAULT = "main";

    private static final int MAX_LENGTH = 200;
    private static final int COMMIT_DIGITS = 40;

    /** Refuses what no git reference can be. */
    public Revision {
        boolean holds = !name.isEmpty()
                && name.length() <= MAX_LENGTH
                && !name.contains("..")
                && name.chars().allMatch(c -> c > ' ' && c < 127);
        if (!holds) {
            throw new IllegalArgumentException(
                    "must be a branch, a tag or a commit, of at most " + MAX_LENGTH + " characters");
        }
    }

    /** True for a commit, which never changes; a branch or tag may move. */
    boolean isCommit() {
        return isCommit(name);
    }

    static boolean isCommit(String text) {
        return text.length() == COMMIT_DIGITS && Checksum.isHex(text);
    }

    @Override
    public String toString() {
        return name;
    }
}
