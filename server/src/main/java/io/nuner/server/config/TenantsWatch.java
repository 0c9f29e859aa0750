package io.nuner.server.config;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second whether the file of tenants has changed, and hands over the new tenants. A change counts once two looks
 * have seen it, so a file that is being written is not taken for a short one. A file that is wrong or cannot be trusted changes
 * nothing and is logged once. Looks are one thread at a time.
 */
public final class TenantsWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TenantsWatch.class);

    private final TenantsFile file;
    private final Consumer<TenancyConfig> onChange;
    private final Consumer<String> onProblem;
    private TenancyConfig used;
    private byte[] seen = new byte[0];
    private byte[] judged = new byte[0];
    private String problem = "";

    /**
     * A watch that does not look yet.
     *
     * @param used the tenants that are in use
     * @param onProblem told in one sentence what is wrong with the file
     */
    TenantsWatch(TenantsFile file, TenancyConfig used, Consumer<TenancyConfig> onChange, Consumer<String> onProblem) {
        this.file = file;
        this.used = used;
        this.onChange = onChange;
        this.onProblem = onProblem;
    }

    /** Looks from now on, as long as the process lives. */
    public static void start(TenantsFile file, TenancyConfig used, Consumer<TenancyConfig> onChange) {
        TenantsWatch watch = new TenantsWatch(
                file,
                used,
                tenants -> {
                    onChange.accept(tenants);
                    LOG.info(
                            "tenants {}: {} tenants from now on",
                            file.path(),
                            tenants.weights().size());
                },
                message -> LOG.error("{}; the tenants of before stay", message));
        Thread thread = new Thread(watch::lookForEver, "tenants");
        thread.setDaemon(true);
        thread.start();
    }

    private void lookForEver() {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(1);
                look();
            }
        } catch (InterruptedException e) {
            // only the end of the process interrupts
        }
    }

    /** Looks once. */
    void look() {
        try {
            byte[] content = file.content();
            boolean standing = Arrays.equals(content, seen);
            seen = content;
            if (standing && !Arrays.equals(content, judged)) {
                judge(content);
            }
            problem = standing ? "" : problem;
        } catch (RuntimeException e) { // the next look may succeed
            report(String.valueOf(e.getMessage()));
        }
    }

    private void judge(byte[] content) {
        judged = content;
        TenancyConfig tenants = file.parse(content);
        if (!tenants.equals(used)) {
            used = tenants;
            onChange.accept(tenants);
        }
    }

    private void report(String message) {
        if (!message.equals(problem)) {
            problem = message;
            onProblem.accept(message);
        }
    }
}
