package io.nuner.engine.trt.plan;

import com.google.gson.GsonBuilder;
import io.nuner.engine.CompileSettings;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.engine.EngineException;
import io.nuner.files.FileProblem;
import io.nuner.files.FileTree;
import io.nuner.files.Ownership;
import io.nuner.files.ProcessLock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compiled plans on disk: each built once, and verified whenever it is loaded. Any thread; several processes may share a
 * store.
 *
 * <p>A plan is native code, so only files of this user that nobody else may write are loaded. Nothing is ever evicted, but a
 * plan that was refused is moved aside, where the next refused one of its key replaces it.
 */
public final class PlanStore {
    private static final String PARITY = "parity.json";
    private static final String REFUSED = ".refused";

    private final Path cache;
    private final Path plans;
    private final CompileSettings.Listener listener;

    private PlanStore(Path cache, CompileSettings.Listener listener) {
        this.cache = cache;
        this.plans = cache.resolve("plans");
        this.listener = listener;
    }

    /** The store below the settings' cache, which need not exist yet. */
    public static PlanStore of(CompileSettings settings) {
        return new PlanStore(settings.cache(), settings.listener());
    }

    /** Where measurements of kernels are kept, for one TensorRT version and kind of GPU. The file need not exist. */
    public Path timingCache(PlanKey.Target target) {
        return plans.resolve("timing-" + target.fileName() + ".cache");
    }

    /**
     * The plan of a key: the stored one if it is sound, else one built now. Of several processes at once, one builds and the
     * others wait and use what it built. A store that cannot be written is enough for a plan that is in it.
     *
     * @param warning told in one sentence why a stored plan was refused
     * @throws EngineException if the build fails, or naming the store if it cannot be read or written
     */
    public StoredPlan obtain(PlanKey key, Build build, Consumer<String> warning) throws EngineException {
        Path directory = plans.resolve(key.hex());
        try {
            Optional<StoredPlan> stored = look(directory, key, refusal -> {});
            StoredPlan plan = stored.isPresent() ? stored.get() : locked(directory, key, build, warning);
            listener.progress("the plan is " + directory);
            return plan;
        } catch (IOException e) {
            throw EngineException.cannotOpen(
                    "cannot read or write the plan store " + plans + ": " + FileProblem.reasonOfWritingBelow(e), e);
        }
    }

    private StoredPlan locked(Path directory, PlanKey key, Build build, Consumer<String> warning)
            throws EngineException, IOException {
        makeOwnDirectory();
        Path file = plans.resolve(key.hex() + ".lock");
        Runnable waiting = () -> listener.progress("waiting for another builder of this plan");
        try (ProcessLock lock = ProcessLock.take(file, waiting, Ownership.OWNERS_FILE)) {
            Optional<StoredPlan> stored = look(directory, key, warning);
            return stored.isPresent() && lock.isHeld() ? stored.get() : make(directory, key, build);
        }
    }

    /** Makes the store's directory, or refuses one that is not ours alone: the timing cache in it is not verified otherwise. */
    private void makeOwnDirectory() throws EngineException, IOException {
        if (Files.notExists(plans, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(cache);
            createPlans();
        }
        try {
            PlanDirectory.requireOurs(plans);
        } catch (RefusedPlanException e) {
            throw EngineException.cannotOpen("the plan store cannot be used: " + e.getMessage(), e);
        }
    }

    private void createPlans() throws IOException {
        try {
            Files.createDirectory(plans, Ownership.OWNERS_DIRECTORY);
        } catch (FileAlreadyExistsException e) {
            return; // another process was faster
        }
    }

    private Optional<StoredPlan> look(Path directory, PlanKey key, Consumer<String> warning) throws IOException {
        if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            PlanDirectory.requireOurs(plans);
            return Optional.of(new PlanDirectory(directory).open(key));
        } catch (RefusedPlanException e) {
            warning.accept("a stored plan is refused and built anew: " + e.getMessage());
        } catch (NoSuchFileException e) {
            return Optional.empty(); // moved aside by another process this very moment
        } catch (AccessDeniedException e) {
            warning.accept("a stored plan is refused and built anew: " + e.getFile() + " cannot be read");
        }
        return Optional.empty();
    }

    private StoredPlan make(Path directory, PlanKey key, Build build) throws EngineException, IOException {
        deleteLeftovers(key);
        Path temporary =
                Files.createDirectory(plans.resolve(leftover(key) + UUID.randomUUID()), Ownership.OWNERS_DIRECTORY);
        try {
            Map<String, Double> seconds = build.build(temporary);
            new PlanDirectory(temporary).seal(key, seconds, notes());
            moveAside(directory, key);
            Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
            listener.progress(usage());
            return new PlanDirectory(directory).open(key);
        } catch (RefusedPlanException e) {
            throw EngineException.cannotOpen("a new plan cannot be used: " + e.getMessage(), e);
        } finally {
            FileTree.delete(temporary);
        }
    }

    private static Map<String, String> notes() {
        return Map.of(
                "built_at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                "java", String.valueOf(System.getProperty("java.version")));
    }

    private static String leftover(PlanKey key) {
        return "." + key.hex() + ".";
    }

    /** Of builders that were killed: whoever has the lock is the only one. */
    private void deleteLeftovers(PlanKey key) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(plans, leftover(key) + "*")) {
            for (Path each : leftovers) {
                FileTree.delete(each);
            }
        }
    }

    private void moveAside(Path directory, PlanKey key) throws IOException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Path aside = plans.resolve(key.hex() + REFUSED);
            FileTree.delete(aside);
            Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Writes {@code parity.json} beside a plan, for people to read; a store that cannot be written keeps the old one. */
    public void report(StoredPlan plan, ParityReport parity) {
        String json = new GsonBuilder().setPrettyPrinting().create().toJson(parity) + "\n";
        @Nullable Path unfinished = null;
        try {
            unfinished = Files.createTempFile(plan.directory(), ".parity", "", Ownership.OWNERS_FILE);
            Files.writeString(unfinished, json);
            Files.move(
                    unfinished,
                    plan.directory().resolve(PARITY),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            listener.progress("no " + PARITY + " was written: " + FileProblem.reasonOfWritingBelow(e));
        }
    }

    /** How large the store is and how to clear it, in one sentence. */
    public String usage() throws EngineException {
        try {
            long megabytes = FileTree.bytes(plans) / 1_000_000;
            return "the plan store " + plans + " holds " + megabytes
                    + " MB; nothing is evicted, and any of its directories may be deleted while no server starts";
        } catch (IOException e) {
            throw EngineException.cannotOpen(
                    "cannot read the plan store " + plans + ": " + FileProblem.reasonOfReading(e), e);
        }
    }

    /** Makes a plan that is not in the store. */
    @FunctionalInterface
    public interface Build {
        /**
         * Writes {@link StoredPlan#ENCODER}, {@link StoredPlan#HEAD} and {@link StoredPlan#GOLDEN}; takes minutes.
         *
         * @param directory empty, of this process alone, gone afterwards; other files in it are deleted, but for {@code *.layers.json}
         * @return seconds of each step, by name
         * @throws EngineException if it cannot be made; nothing is stored then
         */
        Map<String, Double> build(Path directory) throws EngineException;
    }
}
