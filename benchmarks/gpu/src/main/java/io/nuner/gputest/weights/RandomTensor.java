package io.nuner.gputest.weights;

import java.util.List;

/**
 * A tensor of normally distributed values. Immutable.
 *
 * @param name as the checkpoint calls it
 * @param mean of its values
 * @param deviation of its values
 */
record RandomTensor(String name, List<Integer> shape, double mean, double deviation) {
    long size() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    }
}
