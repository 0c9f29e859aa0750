package io.nuner.engine.trt.profile;

import java.util.List;

/**
 * The shapes of one input in one optimization profile. Immutable.
 *
 * @param input its name in the graph
 * @param min smallest size of each dimension
 * @param opt sizes that the builder tunes for
 * @param max largest size of each dimension
 */
public record ShapeRange(String input, List<Long> min, List<Long> opt, List<Long> max) {
    public ShapeRange {
        min = List.copyOf(min);
        opt = List.copyOf(opt);
        max = List.copyOf(max);
        if (min.size() != opt.size() || opt.size() != max.size()) {
            throw new IllegalArgumentException(input + ": min, opt and max must have as many dimensions each");
        }
        for (int axis = 0; axis < min.size(); axis++) {
            if (min.get(axis) < 1 || min.get(axis) > opt.get(axis) || opt.get(axis) > max.get(axis)) {
                throw new IllegalArgumentException(input + ": must ascend from 1 or more on axis " + axis + ", but was "
                        + min.get(axis) + ", " + opt.get(axis) + ", " + max.get(axis));
            }
        }
    }
}
