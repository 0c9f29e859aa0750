package io.nuner.model.hub;

import java.net.URI;

/** Where a redirect may lead: anywhere on the web, but never from https to http. */
final class Redirect {
    private Redirect() {}

    /**
     * The address that a Location header means.
     *
     * @param from who redirects
     * @throws HubException if it is none that we follow; the message does not show it, it may hold a signature
     */
    static URI target(URI from, String location) throws HubException {
        URI target;
        try {
            target = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new HubException(from.getHost() + " redirects to an address that is none", e);
        }
        if (!HubEndpoint.isWeb(target)) {
            throw new HubException(from.getHost() + " redirects to an address that is not of the web");
        }
        if (HubEndpoint.isEncrypted(from) && !HubEndpoint.isEncrypted(target)) {
            throw new HubException(from.getHost() + " redirects from https to http, which is refused");
        }
        return target;
    }
}
