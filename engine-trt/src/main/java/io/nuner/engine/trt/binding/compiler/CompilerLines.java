package io.nuner.engine.trt.binding.compiler;

import io.nuner.engine.trt.device.PlanCompiler.Progress;
import io.nuner.engine.trt.process.LineMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the lines of the compiling process: progress, errors and its end. Any thread. */
final class CompilerLines implements Consumer<String> {
    private static final int ERRORS = 3;
    private static final int LONGEST_ERROR = 500;

    private final Progress progress;
    private final ArrayDeque<String> errors = new ArrayDeque<>();
    private Optional<String> fault = Optional.empty();
    private boolean done;

    CompilerLines(Progress progress) {
        this.progress = progress;
    }

    @Override
    public synchronized void accept(String line) {
        LineMessage.parse(line).ifPresent(this::hear);
    }

    private void hear(LineMessage message) {
        switch (message.topic()) {
            case CompilerMain.STAGE -> progress.stage(message.text());
            case CompilerMain.ERROR -> keep(message.text());
            case CompilerMain.FAULT -> fault = Optional.of(message.text());
            case CompilerMain.DONE -> done = true;
            default -> keep(message.text());
        }
    }

    private void keep(String error) {
        if (errors.size() == ERRORS) {
            errors.removeFirst();
        }
        errors.addLast(error.length() <= LONGEST_ERROR ? error : error.substring(0, LONGEST_ERROR) + "...");
    }

    /** True if the plan is written. */
    synchronized boolean isDone() {
        return done;
    }

    /** Why there is no plan, in the words of the process; empty if it gave no reason. */
    synchronized Optional<String> reason() {
        List<String> words = new ArrayList<>();
        fault.ifPresent(words::add);
        errors.stream()
                .filter(error -> fault.stream().noneMatch(text -> text.contains(error)))
                .forEach(words::add);
        return words.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", words));
    }
}
