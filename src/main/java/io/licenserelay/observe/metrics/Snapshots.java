package io.licenserelay.observe.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Makes metrics from numbers that are known at the time of a scrape. */
final class Snapshots {
    private Snapshots() {}

    static MetricSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }

    /** @param name without {@code _total} */
    static MetricSnapshot counter(String name, String help, double value) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(CounterDataPointSnapshot.builder().value(value).build())
                .build();
    }

    /** @param name without {@code _info} */
    static MetricSnapshot info(String name, String help, String label, String value) {
        return InfoSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(Labels.of(label, value))
                        .build())
                .build();
    }

    /** A gauge with labels. Without a value it is absent. */
    static final class Family {
        private final String[] names;
        private final List<GaugeDataPointSnapshot> points = new ArrayList<>();

        Family(String... names) {
            this.names = names;
        }

        /** @param labels in the order of their names; no two values have the same */
        void add(double value, String... labels) {
            points.add(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of(names, labels))
                    .value(value)
                    .build());
        }

        void into(List<MetricSnapshot> all, String name, String help) {
            if (points.isEmpty()) {
                return;
            }
            GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
            points.forEach(gauge::dataPoint);
            all.add(gauge.build());
        }
    }
}
