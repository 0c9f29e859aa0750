package io.nuner.server.observe;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The histograms of one name, told apart by a label or a single one. Any thread. */
final class Histograms implements Collector {
    private final String name;
    private final String help;
    private final Buckets buckets;
    private final Queue<Histogram> members = new ConcurrentLinkedQueue<>();

    private Histograms(String name, String help, Buckets buckets) {
        this.name = name;
        this.help = help;
        this.buckets = buckets;
    }

    /** Histograms that the registry shows once they have a member. */
    static Histograms in(PrometheusRegistry registry, String name, String help, Buckets buckets) {
        Histograms made = new Histograms(name, help, buckets);
        registry.register(made);
        return made;
    }

    /** The only one of its name. */
    Histogram single() {
        return add(Labels.EMPTY);
    }

    /** The one of that label. */
    Histogram labelled(String label, String value) {
        return add(Labels.of(label, value));
    }

    private Histogram add(Labels labels) {
        Histogram made = new Histogram(buckets, labels);
        members.add(made);
        return made;
    }

    @Override
    public HistogramSnapshot collect() {
        HistogramSnapshot.Builder snapshot =
                HistogramSnapshot.builder().name(name).help(help);
        members.forEach(member -> snapshot.dataPoint(member.read()));
        return snapshot.build();
    }
}
