package io.nuner.model.hub;

/**
 * The name of a model's repository, {@code owner/name}. Both parts are safe as file names. Immutable.
 *
 * @param owner the user or organisation
 * @param name the model's name
 */
public record RepositoryId(String owner, String name) {
    private static final int MAX_LENGTH = 96;

    /** Refuses what {@link #parse} refuses. */
    public RepositoryId {
        if (!isPart(owner) || !isPart(name)) {
            throw new IllegalArgumentException("must look like numind/NuNER_Zero: owner and name of letters, digits,"
                    + " '.', '_' and '-', at most " + MAX_LENGTH + " characters each");
        }
    }

    /**
     * Reads {@code owner/name}.
     *
     * @throws IllegalArgumentException if the text is not of that form; the message says how it must look
     */
    public static RepositoryId parse(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? new RepositoryId(text, "")
                : new RepositoryId(text.substring(0, slash), text.substring(slash + 1));
    }

    private static boolean isPart(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_LENGTH
                && text.charAt(0) != '.'
                && text.charAt(0) != '-'
                && !text.contains("..")
                && text.chars().allMatch(RepositoryId::isAllowed);
    }

    private static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._-".indexOf(c) >= 0;
    }

    @Override
    public String toString() {
        return owner + "/" + name;
    }
}
