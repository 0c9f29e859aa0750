package io.nuner.cli.model;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.common.Environment;
import io.nuner.cli.common.ExitCode;
import io.nuner.cli.common.ProgressLine;
import io.nuner.cli.common.Version;
import io.nuner.model.Accuracy;
import io.nuner.model.ModelException;
import io.nuner.model.accuracy.AccuracyGate;
import io.nuner.model.hub.AccessToken;
import io.nuner.model.hub.Disk;
import io.nuner.model.hub.FetchedModels;
import io.nuner.model.hub.HubClient;
import io.nuner.model.hub.HubEndpoint;
import io.nuner.model.hub.HubException;
import io.nuner.model.hub.ModelFetch;
import io.nuner.model.hub.RepositoryId;
import io.nuner.model.hub.Retries;
import io.nuner.model.hub.Revision;
import io.nuner.model.hub.proxy.Proxies;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code nuner fetch}: brings a checkpoint from a hub into the cache. */
@Command(
        name = "fetch",
        description = {
            "Fetches a checkpoint from a hub of models into the cache and exports it.",
            "Prints the directory to give to nuner serve --model, which takes the name OWNER/NAME as well."
        },
        footer = {
            "",
            "HF_TOKEN is sent to the endpoint, for private and gated models.",
            "https_proxy, http_proxy and no_proxy are obeyed, with a login as in http://USER:PASSWORD@HOST:PORT."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
public final class FetchCommand implements Callable<Integer> {
    private static final String TOKEN_VARIABLE = "HF_TOKEN";
    private static final String ENDPOINT_VARIABLE = "HF_ENDPOINT";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Environment environment;

    @Parameters(paramLabel = "OWNER/NAME", description = "The model, such as numind/NuNER_Zero.")
    private String model = "";

    @Option(
            names = "--revision",
            defaultValue = Revision.DEFAULT,
            paramLabel = "REVISION",
            description = "Branch, tag or commit. Default: ${DEFAULT-VALUE}.")
    private String revision = Revision.DEFAULT;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "The hub. Default: $HF_ENDPOINT or " + HubEndpoint.DEFAULT + ".")
    private @Nullable String endpoint;

    @Option(
            names = "--export",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Export the checkpoint at once, or leave it to the first start. Default: ${DEFAULT-VALUE}.")
    private boolean export;

    @Mixin
    private WeightsOption weights = new WeightsOption();

    @Mixin
    private CacheOption cache = new CacheOption();

    @Override
    public Integer call() throws CommandFailure {
        RepositoryId repository = checked("OWNER/NAME", RepositoryId::parse, model);
        Revision wanted = checked("--revision", Revision::new, revision);
        PrintWriter err = spec.commandLine().getErr();
        ProgressLine line = ProgressLine.on(err);
        FetchProgress progress = new FetchProgress(line, System::nanoTime);
        HubClient hub = hub();
        Path directory = cache.directory(environment.variables());
        Optional<AccuracyGate> gate = export ? weights.gate() : Optional.empty(); // before gigabytes are fetched
        Retries retries = new Retries(time -> Thread.sleep(time.toMillis()), RandomGenerator.getDefault(), progress);
        try {
            ModelFetch fetch = new ModelFetch(hub, retries, new FetchedModels(directory), Disk.LOCAL, progress);
            Path checkpoint = fetch.fetch(repository, wanted, export);
            if (export) {
                export(checkpoint, directory, gate, err);
            }
            spec.commandLine().getOut().println(checkpoint);
            return ExitCode.OK;
        } catch (HubException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        } catch (ModelException e) {
            throw CommandFailure.of(e);
        } catch (InterruptedException e) {
            throw CommandFailure.interrupted(e);
        } finally {
            line.end();
        }
    }

    private void export(Path checkpoint, Path directory, Optional<AccuracyGate> gate, PrintWriter err)
            throws ModelException {
        Accuracy accuracy = new ProgressingExporter(err, gate)
                .cache(directory, err::println, weights.loss())
                .open(checkpoint, weights.type())
                .manifest()
                .accuracy();
        if (accuracy != null) {
            err.println(AccuracyTable.summary(accuracy));
        }
    }

    private HubClient hub() {
        Map<String, String> variables = environment.variables();
        String address = endpoint == null ? variables.getOrDefault(ENDPOINT_VARIABLE, HubEndpoint.DEFAULT) : endpoint;
        String secret = variables.getOrDefault(TOKEN_VARIABLE, "");
        return new HubClient(
                checked("--endpoint (" + ENDPOINT_VARIABLE + ")", HubEndpoint::parse, address),
                checked(TOKEN_VARIABLE, AccessToken::of, secret),
                proxies(variables),
                HubClient.Timeouts.DEFAULT,
                "nuner/" + Version.current());
    }

    private Proxies proxies(Map<String, String> variables) {
        try {
            return Proxies.of(variables);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private <T> T checked(String name, Function<String, T> reader, String value) {
        try {
            return reader.apply(value);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), name + " " + e.getMessage(), e);
        }
    }
}
