package io.nuner.server.rpc;

/**
 * What a request may hold. Immutable.
 *
 * @param maxMessageBytes encoded bytes of one gRPC message, after decompression too; at most 1 GiB
 * @param maxTextBytes UTF-8 bytes of one text
 * @param maxLabels labels of one request
 * @param maxLabelBytes UTF-8 bytes of one label
 * @param maxTexts requests in one ExtractBatch call
 * @param maxRequestIdBytes UTF-8 bytes of a request_id
 */
public record RequestLimits(
        int maxMessageBytes, int maxTextBytes, int maxLabels, int maxLabelBytes, int maxTexts, int maxRequestIdBytes) {
    private static final int MOST_MESSAGE_BYTES = 1 << 30; // an array and the count of its bytes have room

    public static final RequestLimits DEFAULT = new RequestLimits(1 << 20, 100_000, 100, 256, 32, 128);

    public RequestLimits {
        require("requests.max-message-bytes", maxMessageBytes);
        if (maxMessageBytes > MOST_MESSAGE_BYTES) {
            throw new IllegalArgumentException("requests.max-message-bytes must be at most " + MOST_MESSAGE_BYTES
                    + ", but was " + maxMessageBytes);
        }
        require("requests.max-text-bytes", maxTextBytes);
        require("requests.max-labels", maxLabels);
        require("requests.max-label-bytes", maxLabelBytes);
        require("requests.max-texts", maxTexts);
        require("requests.max-request-id-bytes", maxRequestIdBytes);
    }

    private static void require(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be at least 1, but was " + value);
        }
    }

    /** These limits with the labels that an engine takes at most. */
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
