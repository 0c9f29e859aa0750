package io.nuner.model.export.graph;

/**
 * Which row of the relative embeddings a distance takes: exact near by, in logarithmic buckets farther away (DeBERTa,
 * arXiv 2006.03654; transformers 4.57.6, modeling_deberta_v2.py, make_log_bucket_position). Immutable.
 *
 * @param buckets rows on either side of distance 0
 * @param maxDistance distance from which on all share the last row
 */
record RelativePositions(int buckets, int maxDistance) {
    /** Rows of the embedding. */
    int rows() {
        return 2 * buckets;
    }

    /** The signed bucket of a distance, query position minus key position. */
    int bucket(int distance) {
        int middle = buckets / 2;
        int magnitude = Math.abs(distance);
        if (magnitude <= middle) {
            return distance;
        }
        double share = Math.log((double) magnitude / middle) / Math.log((maxDistance - 1.0) / middle);
        int bucket = (int) Math.ceil(share * (middle - 1)) + middle;
        return distance < 0 ? -bucket : bucket;
    }

    /** The row of a distance. */
    int row(int distance) {
        return Math.max(0, Math.min(rows() - 1, bucket(distance) + buckets));
    }

    /** The rows of the distances -maxDistance to maxDistance; every distance beyond has the row of the end. */
    int[] table() {
        int[] table = new int[2 * maxDistance + 1];
        for (int i = 0; i < table.length; i++) {
            table[i] = row(i - maxDistance);
        }
        return table;
    }
}
