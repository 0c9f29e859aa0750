package io.nuner.cli.hub;

/**
 * A file of one commit. Immutable.
 *
 * @param commit 40 hexadecimal digits
 * @param name one of our own constants, never a name that a hub sent: it becomes a path
 */
record HubFile(RepositoryId repository, String commit, String name) {
    @Override
    public String toString() {
        return name + " of " + repository;
    }
}
