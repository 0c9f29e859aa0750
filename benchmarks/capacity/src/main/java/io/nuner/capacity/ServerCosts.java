package io.nuner.capacity;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.nuner.engine.EngineLimits;
import io.nuner.files.FileProblem;
import io.nuner.server.costs.CostModel;
import io.nuner.server.costs.CostTable;
import io.nuner.server.costs.CostTerms;
import io.nuner.server.rpc.BatchCostsProto;
import io.nuner.v1.GetServerInfoResponse;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a server's batches cost, as it told by {@code GetServerInfo}. Immutable.
 *
 * @param info the whole answer, which holds batch costs
 * @param costs how long a batch takes, with the present drift
 * @param limits what one batch may hold
 */
public record ServerCosts(GetServerInfoResponse info, CostModel costs, EngineLimits limits) {
    /**
     * Of an answer.
     *
     * @param origin where it comes from, for the message
     * @throws PlanException if the answer holds no costs that can be used
     */
    public static ServerCosts of(GetServerInfoResponse info, String origin) throws PlanException {
        if (!info.hasBatchCosts() || info.getEngine().getLanes() < 1) {
            throw new PlanException(origin + " tells no batch costs");
        }
        try {
            CostTable table = BatchCostsProto.table(info.getBatchCosts(), info.getLimits());
            CostTerms now = scaled(table.costs().terms(), info.getBatchCosts().getDrift());
            return new ServerCosts(info, new CostModel(now, table.costs().cells()), table.limits());
        } catch (IllegalArgumentException e) {
            throw new PlanException(origin + " tells batch costs that cannot be used: " + e.getMessage(), e);
        }
    }

    private static CostTerms scaled(CostTerms terms, double drift) {
        if (!(drift > 0)) {
            throw new IllegalArgumentException("drift must be above 0, but was " + drift);
        }
        return new CostTerms(
                terms.fixed() * drift,
                terms.perRow() * drift,
                terms.perStep() * drift,
                terms.perToken() * drift,
                terms.perPaddedSquare() * drift);
    }

    /**
     * Reads what {@link #writeTo} wrote, or any {@code GetServerInfo} answer in protobuf's JSON, such as grpcurl prints.
     *
     * @throws PlanException naming the file if it cannot be read or holds no costs
     */
    public static ServerCosts read(Path file) throws PlanException {
        String origin = "costs file " + file;
        GetServerInfoResponse.Builder info = GetServerInfoResponse.newBuilder();
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(Files.readString(file), info);
        } catch (InvalidProtocolBufferException e) {
            throw new PlanException(origin + " is no GetServerInfo answer in JSON", e);
        } catch (IOException e) {
            throw new PlanException(origin + " " + FileProblem.ofReading(file, e), e);
        }
        return of(info.build(), origin);
    }

    /** Writes the answer as protobuf's JSON. */
    public void writeTo(Writer out) throws IOException {
        out.write(JsonFormat.printer().print(info) + System.lineSeparator());
    }

    /** Batches that run at the same time. */
    public int lanes() {
        return info.getEngine().getLanes();
    }
}
