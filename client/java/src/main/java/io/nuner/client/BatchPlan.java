package io.nuner.client;

import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.Limits;
import java.util.ArrayList;
import java.util.List;

/** Cuts many requests into calls that the server's limits admit, keeping their order. */
final class BatchPlan {
    /** Room for the tag and length of one repeated message field. */
    private static final int FIELD_OVERHEAD_BYTES = 8;

    private final Limits limits;
    private final List<ExtractBatchRequest> calls = new ArrayList<>();
    private ExtractBatchRequest.Builder open = ExtractBatchRequest.newBuilder();
    private long openBytes;

    private BatchPlan(Limits limits) {
        this.limits = limits;
    }

    static List<ExtractBatchRequest> of(List<ExtractRequest> requests, Limits limits) {
        BatchPlan plan = new BatchPlan(limits);
        requests.forEach(plan::add);
        plan.close();
        return plan.calls;
    }

    private void add(ExtractRequest request) {
        long bytes = request.getSerializedSize() + (long) FIELD_OVERHEAD_BYTES;
        boolean full = open.getRequestsCount() >= limits.getMaxTextsPerBatch()
                || openBytes + bytes > limits.getMaxMessageBytes();
        if (full) {
            close();
        }
        open.addRequests(request);
        openBytes += bytes;
    }

    private void close() {
        if (open.getRequestsCount() > 0) {
            calls.add(open.build());
        }
        open = ExtractBatchRequest.newBuilder();
        openBytes = 0;
    }
}
