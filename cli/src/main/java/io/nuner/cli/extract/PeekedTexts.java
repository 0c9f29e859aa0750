package io.nuner.cli.extract;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Texts of several sources one after another, of which the next can be looked at. One thread at a time. */
final class PeekedTexts implements Iterator<String> {
    private final Iterator<Iterator<String>> sources;
    private Iterator<String> source = List.<String>of().iterator();
    private @Nullable String next;

    PeekedTexts(List<Iterator<String>> sources) {
        this.sources = sources.iterator();
    }

    @Override
    public boolean hasNext() {
        while (next == null && (source.hasNext() || sources.hasNext())) {
            if (source.hasNext()) {
                next = source.next();
            } else {
                source = sources.next();
            }
        }
        return next != null;
    }

    /** The next one, which stays the next one. */
    String peek() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException("there are no more texts");
        }
        return next;
    }

    @Override
    public String next() {
        String text = peek();
        next = null;
        return text;
    }

    /** These, with one more in front. */
    PeekedTexts after(String first) {
        return new PeekedTexts(List.of(List.of(first).iterator(), this));
    }

    /** The next ones, up to the first that is not of a kind, which stays the next one. */
    Iterator<String> next(Predicate<String> kind) {
        PeekedTexts all = this;
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext() && kind.test(all.peek());
            }

            @Override
            public String next() {
                return all.next();
            }
        };
    }
}
