package io.nuner.server.texts;

/**
 * What a request may hold. Immutable.
 *
 * @param maxMessageBytes encoded bytes of one gRPC message, after decompression too; at most 256 MiB
 * @param maxTextBytes UTF-8 bytes of one text
 * @param maxLabels labels of one request
 * @param maxLabelBytes UTF-8 bytes of one label
 * @param maxTexts requests in one ExtractBatch call
 * @param maxRequestIdBytes UTF-8 bytes of a request_id
 */
public record RequestLimits(
        int maxMessageBytes, int maxTextBytes, int maxLabels, int maxLabelBytes, int maxTexts, int maxRequestIdBytes) {
    public static final RequestLimits DEFAULT = new RequestLimits(2 << 20, 1 << 20, 100, 256, 32, 128);

    /** More would not fit into memory for many callers at once. */
    private static final int MOST_BYTES = 1 << 28;

    /** Labels of one request, or texts of one call. */
    public static final int MOST_ITEMS = 10_000;

    public RequestLimits {
        require("requests.max-message-bytes", MOST_BYTES, maxMessageBytes);
        require("requests.max-text-bytes", MOST_BYTES, maxTextBytes);
        require("requests.max-labels", MOST_ITEMS, maxLabels);
        require("requests.max-label-bytes", MOST_BYTES, maxLabelBytes);
        require("requests.max-texts", MOST_ITEMS, maxTexts);
        require("requests.max-request-id-bytes", MOST_BYTES, maxRequestIdBytes);
    }

    private static void require(String key, int most, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be at least 1, but was " + value);
        }
        if (value > most) {
            throw new IllegalArgumentException(key + " must be at most " + most + ", but was " + value);
        }
    }

    /** These limits with at most as many labels as an engine takes. */
    public RequestLimits capLabels(int engineLabels) {
        return new RequestLimits(
                maxMessageBytes,
                maxTextBytes,
                Math.min(maxLabels, engineLabels),
                maxLabelBytes,
                maxTexts,
                maxRequestIdBytes);
    }
}
