package io.nuner.load.document;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.nuner.v1.Entity;
import io.nuner.v1.ExtractBatchItem;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractDocumentResponse;
import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractResponse;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.NerServiceGrpc;
import io.nuner.v1.NerServiceGrpc.NerServiceBlockingStub;
import io.nuner.v1.OffsetUnit;
import io.nuner.v1.Priority;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks a server about long texts, on one connection. Offsets are UTF-16 units. Any thread. */
final class LongTextClient implements AutoCloseable {
    private static final int MINUTES = 15;
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    private final ManagedChannel channel;
    private final List<String> labels;

    LongTextClient(String target, List<String> labels) {
        channel = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                .disableRetry()
                .maxInboundMessageSize(MAX_ANSWER_BYTES)
                .build();
        this.labels = labels;
    }

    /** The answer to one text. */
    ExtractResponse extract(String text, LongTextPolicy policy) {
        return stub().extract(request(text, policy));
    }

    /** The answers to several texts, in one call; texts for which the server has no room are asked again. */
    List<ExtractResponse> extractBatch(List<String> texts, LongTextPolicy policy) {
        ExtractBatchRequest.Builder batch = ExtractBatchRequest.newBuilder();
        texts.forEach(text -> batch.addRequests(request(text, policy)));
        List<ExtractBatchItem> items = stub().extractBatch(batch.build()).getItemsList();
        List<ExtractResponse> answers = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            ExtractBatchItem item = items.get(i);
            answers.add(item.hasResponse() ? item.getResponse() : again(texts.get(i), policy, item.getError()));
        }
        return answers;
    }

    private ExtractResponse again(String text, LongTextPolicy policy, Status refusal) {
        if (refusal.getCode() != Code.RESOURCE_EXHAUSTED_VALUE) {
            throw new IllegalStateException("a text was refused: " + refusal.getMessage());
        }
        return extractBatch(List.of(text), policy).get(0);
    }

    /** The parts of a document's answer, as they come. Dropping the iterator does not end the call. */
    Iterator<ExtractDocumentResponse> document(String text) {
        return stub().extractDocument(ExtractDocumentRequest.newBuilder()
                .setRequest(request(text, LongTextPolicy.LONG_TEXT_POLICY_WINDOW))
                .build());
    }

    /** All entities of a document. */
    List<Entity> entitiesOf(String text) {
        List<Entity> entities = new ArrayList<>();
        document(text).forEachRemaining(part -> entities.addAll(part.getEntitiesList()));
        return entities;
    }

    private NerServiceBlockingStub stub() {
        return NerServiceGrpc.newBlockingStub(channel).withDeadlineAfter(MINUTES, TimeUnit.MINUTES);
    }

    private ExtractRequest request(String text, LongTextPolicy policy) {
        return ExtractRequest.newBuilder()
                .setText(text)
                .addAllLabels(labels)
                .setPriority(Priority.PRIORITY_INTERACTIVE)
                .setOptions(ExtractOptions.newBuilder()
                        .setLongText(policy)
                        .setOffsetUnit(OffsetUnit.OFFSET_UNIT_UTF16_UNIT))
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
