package io.licenserelay.evidence.collect;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Probe;
import io.licenserelay.evidence.logs.LogReader;
import io.licenserelay.threads.WorkerThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Runs the shipped route files that collect evidence, without the rest of the relay. */
public final class EvidenceFlow implements AutoCloseable {
    private static final Pattern PROBE = Pattern.compile("ref: (\\w+Probe)\n");

    private final Site site;
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final EvidenceRoutes routes = new EvidenceRoutes(new LogReader());
    private final ExecutorService threads;

    private EvidenceFlow(Site site, int most) {
        this.site = site;
        this.threads = WorkerThreads.limited("evidence", most);
    }

    /** Starts only the shipped routes of these probes. */
    public static EvidenceFlow start(Site site, List<Probe> probes) throws Exception {
        return start(site, probes, 256, "");
    }

    /**
     * Also starts further routes.
     *
     * @param most maximum number of threads
     * @param yaml the further routes
     */
    public static EvidenceFlow start(Site site, List<Probe> probes, int most, String yaml) throws Exception {
        EvidenceFlow flow = new EvidenceFlow(site, most);
        flow.begin(probes, yaml);
        return flow;
    }

    private void begin(List<Probe> probes, String yaml) throws Exception {
        probes.forEach(probe -> camel.getRegistry().bind(bean(probe), probe));
        camel.getRegistry().bind("logReader", new LogReader());
        camel.getRegistry().bind("resultsInTime", new ResultsInTime());
        Duration within = site.probing().deadline().plusMillis(250);
        camel.getRegistry()
                .bind("evidence-threads-" + site.name(), WorkerThreads.limited(site.name(), 64, within, threads));
        for (Path file : files()) {
            load(shipped(Files.readString(file), probes));
        }
        load(yaml);
        camel.start();
        TemplatedRouteBuilder.builder(camel, "evidence")
                .routeId("evidence-" + site.name())
                .parameter("site", site.name())
                .parameter("deadline", Long.toString(site.probing().deadline().toMillis()))
                .add();
        routes.use(camel);
        routes.requireUsable(List.of(site));
    }

    EvidenceRoutes routes() {
        return routes;
    }

    public Evidence collect(Failure failure) {
        return routes.collect(routes.ofSsm(failure, site), site);
    }

    /** Ends the threads as the relay does when it stops. */
    void end() {
        threads.shutdownNow();
    }

    private void load(String yaml) throws Exception {
        if (!yaml.isBlank()) {
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("test.camel.yaml", yaml));
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.filter(file -> file.getFileName().toString().matches("5[2-6]-.*"))
                    .sorted()
                    .toList();
        }
    }

    private static String shipped(String yaml, List<Probe> probes) {
        return Stream.of(yaml.split("(?m)^(?=- route)"))
                .filter(route -> {
                    Matcher ref = PROBE.matcher(route + "\n");
                    return !ref.find()
                            || probes.stream().anyMatch(probe -> bean(probe).equals(ref.group(1)));
                })
                .reduce("", String::concat);
    }

    private static String bean(Probe probe) {
        return Pattern.compile("-(.)").matcher(probe.name()).replaceAll(letter -> letter.group(1)
                        .toUpperCase(Locale.ROOT))
                + "Probe";
    }

    @Override
    public void close() {
        end();
        camel.stop();
    }
}
