package io.nuner.model.hub;

import io.nuner.model.ModelException;
import io.nuner.model.hub.Listing.Content;
import io.nuner.model.hub.Listing.HubFile;

/** Listings and contents of repositories, with retries. One thread at a time. */
final class HubContents {
    private static final long MAX_CONFIG_BYTES = 1 << 20;

    private final HubClient hub;
    private final Retries retries;

    HubContents(HubClient hub, Retries retries) {
        this.hub = hub;
        this.retries = retries;
    }

    Listing listing(RepositoryId repository, Revision revision) throws HubException, InterruptedException {
        return retries.call(() -> hub.listing(repository, revision));
    }

    /** Size and checksum of a file: from the listing, or else from the file's own headers. */
    Content content(Listing listing, HubFile file) throws HubException, InterruptedException {
        var listed = listing.content(file);
        return listed.isPresent() ? listed.get() : retries.call(() -> hub.content(file));
    }

    /** The same for a file that is read into memory. */
    Content configContent(Listing listing, HubFile file) throws HubException, ModelException, InterruptedException {
        return content(listing, file, MAX_CONFIG_BYTES);
    }

    /** The same for a file that may not be larger. */
    Content content(Listing listing, HubFile file, long maxBytes)
            throws HubException, ModelException, InterruptedException {
        Content content = content(listing, file);
        if (content.size() > maxBytes) {
            throw new ModelException(file + " is larger than " + maxBytes + " bytes");
        }
        return content;
    }
}
