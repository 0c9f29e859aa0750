package io.nuner.model.hub;

import io.nuner.model.hub.Listing.HubFile;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Says in words what an answer other than success means. Immutable. */
final class HubRefusal {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final HubEndpoint endpoint;
    private final AccessToken token;

    HubRefusal(HubEndpoint endpoint, AccessToken token) {
        this.endpoint = endpoint;
        this.token = token;
    }

    /** The answer to a question about a revision. */
    HubException of(HubResponse response, RepositoryId repository, Revision revision) {
        if (response.status() != NOT_FOUND || !endpoint.isOriginOf(response.uri())) {
            return common(response, repository, repository.toString());
        }
        String host = endpoint.host();
        return switch (response.header("X-Error-Code").orElse("")) {
            case "RevisionNotFound" -> new HubException(repository + " has no revision " + revision + " at " + host);
            case "RepoNotFound" -> new HubException(host + " has no model " + repository + orHidesIt());
            default ->
                new HubException(host + " has no model " + repository + " with revision " + revision + orHidesIt());
        };
    }

    /** The answer to the request for a file. */
    HubException of(HubResponse response, HubFile file) {
        return response.status() == NOT_FOUND
                ? new HubException(response.host() + " has no " + file)
                : common(response, file.repository(), file.toString());
    }

    private String orHidesIt() {
        return token.isPresent() ? ", or hides it from the owner of HF_TOKEN" : "";
    }

    private HubException common(HubResponse response, RepositoryId repository, String subject) {
        int status = response.status();
        if (status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status >= SERVER_ERROR) {
            return new HubException.Passing(response.host() + busy(status), retryAfter(response));
        }
        boolean permission = status == UNAUTHORIZED || status == FORBIDDEN;
        if (permission && endpoint.isOriginOf(response.uri())) {
            return new HubException(noPermission(response, repository));
        }
        return new HubException(response.host() + " refuses " + subject + " with HTTP status " + status);
    }

    private static String busy(int status) {
        return status == TOO_MANY_REQUESTS
                ? " asks to slow down (HTTP status 429)"
                : " is in trouble (HTTP status " + status + ")";
    }

    private String noPermission(HubResponse response, RepositoryId repository) {
        String status = " (HTTP status " + response.status() + ")";
        String licence = "accept its licence at " + endpoint.page(repository);
        if ("GatedRepo".equals(response.header("X-Error-Code").orElse(""))) {
            return repository + " is gated" + status + ": " + licence
                    + (token.isPresent() ? " as the owner of HF_TOKEN" : " and set HF_TOKEN");
        }
        if (token.isPresent()) {
            return endpoint.host() + " does not let the owner of HF_TOKEN read " + repository + status
                    + ": check the token, and " + licence + " if it is gated";
        }
        return repository + " does not exist, or is private or gated" + status + ": check the name, set HF_TOKEN, and "
                + licence + " if it is gated";
    }

    /** The pause that the server asks for, in seconds or until a date; zero if there is none or it is invalid. */
    private static Duration retryAfter(HubResponse response) {
        String value = response.header("Retry-After").orElse("0").strip();
        try {
            Duration wait = value.chars().allMatch(Character::isDigit)
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(
                            Instant.now(),
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            return Duration.ZERO;
        }
    }
}
