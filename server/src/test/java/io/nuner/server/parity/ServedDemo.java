package io.nuner.server.parity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the demo model, exported and served once for all of them. */
final class ServedDemo implements ParameterResolver {
    private static final Path DEMO = Path.of("..", "model", "demo");

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == ServedFixture.class;
    }

    @Override
    public ServedFixture resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return test.getRoot()
                .getStore(Namespace.create(ServedDemo.class))
                .computeIfAbsent(DEMO, demo -> Shared.start(), Shared.class)
                .served;
    }

    /**
     * Closed when the last test has ended.
     *
     * @param served the model
     * @param scratch holds the export
     */
    private record Shared(ServedFixture served, Path scratch) implements AutoCloseable {
        static Shared start() {
            try {
                Path scratch = Files.createTempDirectory("nuner-demo");
                return new Shared(ServedFixture.serve(DEMO, scratch.resolve("exported")), scratch);
            } catch (Exception e) {
                throw new IllegalStateException("the demo model is not served", e);
            }
        }

        @Override
        public void close() throws IOException {
            served.close();
            try (Stream<Path> files = Files.walk(scratch)) {
                files.sorted(Comparator.reverseOrder()).forEach(Shared::delete);
            }
        }

        private static void delete(Path file) {
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
