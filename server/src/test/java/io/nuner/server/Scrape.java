package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * One reading of the metrics, taken apart by the rules of Prometheus' text format. Immutable.
 *
 * @param text as it came
 * @param series values by name and labels
 */
public record Scrape(String text, Map<String, Double> series) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    public static Scrape of(RunningServer running) throws IOException, InterruptedException {
        HttpResponse<String> response = get(running, "/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        return parse(response.body());
    }

    public static HttpResponse<String> get(RunningServer running, String path)
            throws IOException, InterruptedException {
        return send(running, path, "GET");
    }

    public static HttpResponse<String> send(RunningServer running, String path, String method)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + running.server.metricsPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(20))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Fails on a line that is no comment and no sample, on a series that comes twice, and on one without a type. */
    public static Scrape parse(String text) {
        assertThat(text).endsWith("\n");
        Map<String, Double> series = new HashMap<>();
        Set<String> typed = new HashSet<>();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("# TYPE ")) {
                typed.add(line.split(" ", -1)[2]);
            } else if (!line.startsWith("# HELP ") && !line.isEmpty()) {
                int space = line.lastIndexOf(' ');
                String id = line.substring(0, space);
                String name = id.contains("{") ? id.substring(0, id.indexOf('{')) : id;
                assertThat(typed).as(line).anyMatch(name::startsWith);
                assertThat(series.put(id, number(line.substring(space + 1))))
                        .as("twice: " + id)
                        .isNull();
            }
        }
        return new Scrape(text, Map.copyOf(series));
    }

    private static double number(String value) {
        return "+Inf".equals(value) ? Double.POSITIVE_INFINITY : Double.parseDouble(value);
    }

    /** The value of a series that must be there. */
    public double value(String id) {
        Double value = series.get(id);
        assertThat(value).as("%s in%n%s", id, text).isNotNull();
        return value == null ? Double.NaN : value;
    }

    /** The sum of all series of a name. */
    public double sum(String name) {
        return series.entrySet().stream()
                .filter(one -> one.getKey().equals(name) || one.getKey().startsWith(name + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
