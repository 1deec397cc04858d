package io.licenserelay.evidence.collect;

import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Deadline;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.ProbeResult;
import io.licenserelay.evidence.ProbeTarget;
import io.licenserelay.evidence.logs.LogReader;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;

/**
 * The routes that collect evidence, and which probes and log tails a failure needs, in the order of its event. A route of the group
 * {@code probe} is a probe of SSM; its name in events is its id without {@code probe-}. A route of the group {@code log-tail} is a log; its
 * name is its id without {@code log-}. An operator's routes come after the relay's own, sorted by id. Thread-safe after {@link #use}.
 */
public final class EvidenceRoutes {
    /** The group of the routes that probe a site's SSM. */
    public static final String PROBES = "probe";

    /** The group of the routes that run only for failures of a site's SD-WAN Manager. */
    public static final String MANAGER_PROBES = "manager-probe";

    /** The group of the routes that fetch lines of a log. */
    public static final String LOG_TAILS = "log-tail";

    static final String PROBE_PREFIX = "probe-";
    static final String LOG_PREFIX = "log-";
    static final String FILE_ROUTE = "log-file";
    static final String SYSLOG_ROUTE = "log-syslog";

    private static final String CAPTURE = "capture";
    private static final List<String> ANY_SERVER = List.of("dns", "tcp", "tls", "http");
    private static final List<String> OF_SSM = Stream.concat(
                    ANY_SERVER.stream(), Stream.of("oauth", "ntp", "ping", "ssm-state", "manager", CAPTURE))
            .toList();

    /** The format of a probe's name in the contract of the failure event. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,40}(?:[.-][a-z0-9]{1,40}){0,5}");

    private final LogReader reader;
    private volatile ProbeListener listener = ProbeListener.NONE;
    private @Nullable CamelContext context;

    /** @param reader reads the lines that operators' routes fetch */
    public EvidenceRoutes(LogReader reader) {
        this.reader = reader;
    }

    /** Must be called before a failure is collected. */
    public void use(CamelContext given) {
        context = given;
    }

    /** Reports the results of all probes that begin from now on. */
    public void listen(ProbeListener probes) {
        listener = probes;
    }

    /** All probes of SSM and all logs of the site. */
    public EvidenceCollection ofSsm(Failure failure, Site site) {
        return EvidenceCollection.of(failure, site, probesOfSsm(site), ownLogs(), reader, listener);
    }

    /**
     * The network probes, the probes of the group {@code manager-probe}, and all logs of the site.
     *
     * @param site the site with the Manager in place of SSM
     */
    public EvidenceCollection ofManager(Failure failure, Site site) {
        List<String> present = named(PROBES).toList();
        Stream<String> network = ANY_SERVER.stream().filter(present::contains);
        List<String> probes = Stream.concat(network, named(MANAGER_PROBES)).toList();
        return EvidenceCollection.of(failure, site, probes, ownLogs(), reader, listener);
    }

    /**
     * Collects through the routes.
     *
     * @throws org.apache.camel.CamelExecutionException when the route that fans out fails; the failure of a probe is part of the evidence
     *     instead
     */
    public Evidence collect(EvidenceCollection collection, Site site) {
        run(collection, site);
        return collection.evidence();
    }

    /** Runs the probes with these names for a site without a failure. */
    public List<ProbeResult> probe(Site site, Set<String> names) {
        ProbeTarget target = new ProbeTarget(site, null);
        Deadline deadline = Deadline.in(site.probing().deadline());
        List<ProbeTask> probes = probesOfSsm(site).stream()
                .filter(names::contains)
                .map(name -> new ProbeTask(name, target, deadline))
                .toList();
        EvidenceCollection collection = new EvidenceCollection(null, probes, List.of(), listener);
        run(collection, site);
        return collection.probes();
    }

    /**
     * Checks that each route meets the requirements of its group.
     *
     * @throws IllegalStateException when a route cannot be the probe or log tail of its group
     */
    public void requireUsable(Collection<Site> sites) {
        requireNamed(PROBES, PROBE_PREFIX);
        requireNamed(MANAGER_PROBES, PROBE_PREFIX);
        requireNamed(LOG_TAILS, LOG_PREFIX);
        for (Site site : sites) {
            for (Site.LogFile log : site.logs()) {
                if (ownLogs().contains(log.name())) {
                    throw new IllegalStateException("route \"" + LOG_PREFIX + log.name() + "\" is of group " + LOG_TAILS
                            + ", and logs: of site " + site.name() + " has a log with the name " + log.name()
                            + " already: give the route another id");
                }
            }
        }
    }

    private void requireNamed(String group, String prefix) {
        for (Route route : routes(group)) {
            String id = route.getRouteId();
            boolean named = id.startsWith(prefix)
                    && NAME.matcher(id.substring(prefix.length())).matches();
            if (!named || !route.getEndpoint().getEndpointUri().equals("direct://" + id)) {
                throw new IllegalStateException("route \"" + id + "\" is of group " + group + ", so its id must be "
                        + prefix + " and a name in lower case, and it must begin with direct: and that id");
            }
        }
    }

    private void run(EvidenceCollection collection, Site site) {
        ProducerTemplate template = camel().createProducerTemplate();
        try {
            template.sendBody("direct:evidence-" + site.name(), collection);
        } finally {
            template.stop();
        }
    }

    private List<String> probesOfSsm(Site site) {
        List<String> present = named(PROBES).toList();
        return Stream.concat(
                        OF_SSM.stream().filter(present::contains),
                        present.stream().filter(name -> !OF_SSM.contains(name)))
                .filter(name -> !name.equals(CAPTURE) || site.probing().capture() != null)
                .toList();
    }

    private Stream<String> named(String group) {
        return routes(group).stream()
                .map(route -> route.getRouteId().substring(PROBE_PREFIX.length()))
                .sorted();
    }

    private List<String> ownLogs() {
        return routes(LOG_TAILS).stream()
                .map(Route::getRouteId)
                .filter(id -> !id.equals(FILE_ROUTE) && !id.equals(SYSLOG_ROUTE))
                .map(id -> id.substring(LOG_PREFIX.length()))
                .sorted()
                .toList();
    }

    private List<Route> routes(String group) {
        return camel().getRoutesByGroup(group);
    }

    private CamelContext camel() {
        return Objects.requireNonNull(context, "use() must be called first");
    }
}
