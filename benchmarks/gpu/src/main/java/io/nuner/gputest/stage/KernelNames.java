package io.nuner.gputest.stage;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nuner.gputest.result.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts the kernels that TensorRT's inspector names, by the hardware that their names tell. One thread at a time. */
final class KernelNames {
    private static final List<String> FAMILIES =
            List.of("sm90", "gmma", "wgmma", "xmma", "sm80", "sm86", "sm89", "cutlass", "fmha", "__myl_");
    private static final int MOST_NAMES = 40;

    private final Map<String, Integer> counts = new TreeMap<>();
    private int files;

    /** Adds the kernels of a file; one that is no JSON counts as none. */
    void read(Path file) throws IOException {
        files++;
        try {
            collect(JsonParser.parseString(Files.readString(file)));
        } catch (JsonParseException | IllegalStateException e) {
            counts.merge("(unreadable: " + file.getFileName() + ")", 1, Integer::sum);
        }
    }

    private void collect(JsonElement element) {
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(this::collect);
        } else if (element.isJsonObject()) {
            collect(element.getAsJsonObject());
        }
    }

    private void collect(JsonObject layer) {
        for (Map.Entry<String, JsonElement> member : layer.entrySet()) {
            boolean named =
                    member.getKey().equals("TacticName") && member.getValue().isJsonPrimitive();
            if (named && !member.getValue().getAsString().isEmpty()) {
                counts.merge(member.getValue().getAsString(), 1, Integer::sum);
            } else {
                collect(member.getValue());
            }
        }
    }

    int count(String family) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().toLowerCase(Locale.ROOT).contains(family))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** Writes down the counts of each family and the commonest names. */
    void report(StageContext context) {
        if (files == 0) {
            context.note("no *.layers.json beside the plans: which kernels run is not known");
            return;
        }
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        context.measured(Measurement.of("layers that name a kernel", all, ""));
        for (String family : FAMILIES) {
            int count = count(family);
            if (count > 0) {
                context.measured(Measurement.of("kernels named " + family, count, ""));
            }
        }
        JsonObject names = new JsonObject();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .limit(MOST_NAMES)
                .forEach(entry -> names.addProperty(entry.getKey(), entry.getValue()));
        context.fact("kernels", names);
    }
}
