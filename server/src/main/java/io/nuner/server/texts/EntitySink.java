package io.nuner.server.texts;

import io.nuner.server.batching.Refusal;
import io.nuner.v1.ExtractResponse;
import java.util.Optional;

/** Where the entities of a {@link WindowedTask} go as they are certain. One thread at a time, except where said. */
public interface EntitySink {
    /** Tells which text it is whose entities come here. Called once, before all else. */
    void follow(WindowedTask text);

    /** True if more of the text should be searched now; after false, {@link WindowedTask#goOn} must be called some time. */
    boolean wantsMore();

    /** How many entities there may be, before neighbours are joined. */
    long maxEntities();

    /** Takes the next entities; returns why the text is to be refused, if it is. */
    Optional<Refusal> add(EntityWriter.Part part);

    /** Sends what was added, as far as it goes. */
    void flush();

    /** The answer, without usage and timings, once all entities were added. */
    ExtractResponse.Builder end();

    /** Why the text is refused if it is not to be searched any further. */
    Refusal ending();
}
