package io.nuner.model.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MergingTest {
    @Test
    void consecutiveBridgesTheSpaceCharactersOfUnicodeAndNoOther() {
        int[] bridged = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(each -> bridges(Merging.CONSECUTIVE, Character.toString(each)))
                .toArray();

        assertThat(bridged)
                .containsExactly(
                        0x20, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008,
                        0x2009, 0x200a, 0x202f, 0x205f, 0x3000);
    }

    @Test
    void adjacentBridgesAnyOneCharacter() {
        assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT))
                .allMatch(each -> bridges(Merging.ADJACENT, Character.toString(each)))
                .noneMatch(each -> bridges(Merging.NONE, Character.toString(each)));
    }

    @Test
    void entitiesThatOverlapAreNoNeighbours() {
        assertThat(Merging.ADJACENT.bridges("abc", 2, 1)).isFalse();
        assertThat(Merging.CONSECUTIVE.bridges("abc", 2, 1)).isFalse();
    }

    private static boolean bridges(Merging merging, String between) {
        return merging.bridges("a" + between + "b", 1, 1 + between.length());
    }
}
