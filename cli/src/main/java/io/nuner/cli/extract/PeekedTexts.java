package io.nuner.cli.extract;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.ExitCode;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Texts of several sources one after another, of which the next can be looked at. A source that cannot be read ends them, so that
 * those before it are still answered. One thread at a time.
 */
final class PeekedTexts implements Iterator<AskedText> {
    private final Iterator<Iterator<AskedText>> sources;
    private Iterator<AskedText> source = List.<AskedText>of().iterator();
    private @Nullable AskedText next;
    private TextSource.@Nullable UnreadableException failure;

    PeekedTexts(List<Iterator<AskedText>> sources) {
        this.sources = sources.iterator();
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null && failure == null && (source.hasNext() || sources.hasNext())) {
                if (source.hasNext()) {
                    next = source.next();
                } else {
                    source = sources.next();
                }
            }
        } catch (TextSource.UnreadableException e) {
            failure = e;
        }
        return next != null;
    }

    /** Fails if they ended because a source could not be read. */
    void requireReadable() throws CommandFailure {
        if (failure != null) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(failure.getMessage()), failure);
        }
    }

    /** Whether they ended because a source could not be read. */
    boolean areCutShort() {
        return failure != null;
    }

    /** The next one, which stays the next one. */
    AskedText peek() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException("there are no more texts");
        }
        return next;
    }

    @Override
    public AskedText next() {
        AskedText text = peek();
        next = null;
        return text;
    }

    /** These, with one more in front. */
    PeekedTexts after(AskedText first) {
        return new PeekedTexts(List.of(List.of(first).iterator(), this));
    }

    /** The next ones, up to the first that is not of a kind, which stays the next one. */
    Iterator<AskedText> next(Predicate<AskedText> kind) {
        PeekedTexts all = this;
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext() && kind.test(all.peek());
            }

            @Override
            public AskedText next() {
                return all.next();
            }
        };
    }
}
