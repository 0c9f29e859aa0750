package io.nuner.gputest.stage;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** How much memory is in use now: the device's, as nvidia-smi says each second, and this process's. Any thread. */
final class MemorySamples implements AutoCloseable {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final double KIB_PER_MIB = 1024;

    private final Optional<Process> program;
    private volatile double deviceMib;
    private volatile boolean hasDevice;

    private MemorySamples(Optional<Process> program) {
        this.program = program;
    }

    static MemorySamples start() {
        MemorySamples samples = new MemorySamples(program());
        samples.program.ifPresent(process -> {
            Thread reader = new Thread(() -> samples.read(process), "memory-samples");
            reader.setDaemon(true);
            reader.start();
        });
        return samples;
    }

    private static Optional<Process> program() {
        try {
            return Optional.of(NvidiaSmi.memoryEachSecond());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void read(Process process) {
        try (BufferedReader lines = NvidiaSmi.reader(process)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                deviceMib = Double.parseDouble(line.strip());
                hasDevice = true;
            }
        } catch (IOException | NumberFormatException e) {
            System.err.println("nvidia-smi gives no further samples: " + e.getMessage());
        }
    }

    /** True once the device has been sampled. */
    boolean hasDevice() {
        return hasDevice;
    }

    /** Device memory in use; 0 before the first sample. */
    double deviceMib() {
        return deviceMib;
    }

    /** Resident memory of this process; 0 where the system does not say. */
    double processMib() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        program.ifPresent(Process::destroyForcibly);
    }
}
