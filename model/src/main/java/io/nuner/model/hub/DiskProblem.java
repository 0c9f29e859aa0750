package io.nuner.model.hub;

import io.nuner.files.FileProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Says in words why something could not be written. */
final class DiskProblem {
    private DiskProblem() {}

    /**
     * The failure to report.
     *
     * @param missing bytes that were still to be written
     */
    static HubException of(IOException failure, Path directory, long missing, Disk disk) {
        if (!isFull(failure)) {
            return of(failure, directory);
        }
        return new HubException(
                "the disk is full: " + ByteCount.of(missing) + " more are needed in " + directory + ", "
                        + free(directory, disk) + " are free; what is there is kept, and the next fetch continues",
                failure);
    }

    /** The failure to report where space is not the matter. */
    static HubException of(IOException failure, Path directory) {
        return new HubException(
                "cannot write " + directory + " (--cache): " + FileProblem.reasonOfWritingBelow(failure), failure);
    }

    private static String free(Path directory, Disk disk) {
        try {
            return ByteCount.of(disk.usableBytes(directory));
        } catch (IOException e) {
            return "few";
        }
    }

    /** Java has no type for it: these are the words of Linux, macOS and Windows. */
    private static boolean isFull(IOException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left")
                || message.contains("quota exceeded")
                || message.contains("not enough space");
    }
}
