package io.nuner.model.hub;

/**
 * A file of one commit. Immutable.
 *
 * @param commit 40 hexadecimal digits
 * @param name one of our own constants, or a shard's name that was found plain: it becomes a path
 */
record HubFile(RepositoryId repository, String commit, String name) {
    @Override
    public String toString() {
        return name + " of " + repository;
    }
}
