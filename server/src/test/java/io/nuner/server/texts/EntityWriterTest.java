package io.nuner.server.texts;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.decode.EntitySpan;
import io.nuner.model.text.OffsetUnit;
import io.nuner.model.window.LabelSet;
import io.nuner.v1.Entity;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entities as their caller gets them. */
class EntityWriterTest {
    /** All of them at once would take 100 GB. */
    @Test
    void entitiesThatNobodyTakesTakeNoRoom() {
        int length = 1 << 20;
        EntityWriter writer =
                new EntityWriter("x".repeat(length), LabelSet.ofNames(List.of("a")), OffsetUnit.CODE_POINT);

        EntityWriter.Part part = writer.write(Collections.nCopies(100_000, new EntitySpan(0, length, 0, 0.9f)), length);

        assertThat(part.until()).isEqualTo(length);
        assertThat(part.entities().size()).isEqualTo(100_000);
        Entity last = part.entities().get(99_999);
        assertThat(last.getText()).hasSize(length);
        assertThat(last.getEnd()).isEqualTo(length);
        assertThat(last.getLabel()).isEqualTo("a");
    }
}
