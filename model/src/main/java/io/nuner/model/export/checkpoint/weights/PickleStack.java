package io.nuner.model.export.checkpoint.weights;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The working memory of a {@link PickleMachine}: a stack with marks, and a memo. All of it bounded. */
final class PickleStack {
    private static final int MAX_VALUES = 1_000_000;
    private static final int MAX_MARKS = 100;

    private final List<Object> values = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    void push(Object value) throws PickleRefused {
        if (values.size() == MAX_VALUES) {
            throw new PickleRefused("a stack of more than " + MAX_VALUES + " values");
        }
        values.add(value);
    }

    Object top() throws PickleRefused {
        requireValue();
        return values.get(values.size() - 1);
    }

    Object pop() throws PickleRefused {
        requireValue();
        return values.remove(values.size() - 1);
    }

    /** The topmost values as a tuple. */
    List<Object> pop(int count) throws PickleRefused {
        List<Object> popped = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            popped.add(0, pop());
        }
        return popped;
    }

    void mark() throws PickleRefused {
        if (marks.size() == MAX_MARKS) {
            throw new PickleRefused("nesting deeper than " + MAX_MARKS);
        }
        marks.push(values.size());
    }

    /** Everything above the last mark, which is removed. */
    List<Object> popToMark() throws PickleRefused {
        if (marks.isEmpty()) {
            throw new PickleRefused("a missing mark");
        }
        List<Object> above = values.subList(marks.pop(), values.size());
        List<Object> popped = new ArrayList<>(above);
        above.clear();
        return popped;
    }

    void memoize(int key) throws PickleRefused {
        if (memo.size() == MAX_VALUES) {
            throw new PickleRefused("a memo of more than " + MAX_VALUES + " values");
        }
        memo.put(key, top());
    }

    void memoizeNext() throws PickleRefused {
        memoize(memo.size());
    }

    void recall(int key) throws PickleRefused {
        Object value = memo.get(key);
        if (value == null) {
            throw new PickleRefused("memo entry " + key + " that was never made");
        }
        push(value);
    }

    boolean isDrained() {
        return values.isEmpty() && marks.isEmpty();
    }

    private void requireValue() throws PickleRefused {
        int floor = marks.isEmpty() ? 0 : marks.peek();
        if (values.size() <= floor) {
            throw new PickleRefused("a missing value");
        }
    }
}
