package io.licenserelay.incident.relay;

import io.licenserelay.cluster.configuration.NodeConfigurations;
import io.licenserelay.cluster.configuration.SiteDifference;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Step;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.redact.Redactor;
import io.licenserelay.store.Database;
import io.licenserelay.store.NotOwner;
import io.licenserelay.store.StoreFailed;
import io.licenserelay.text.Plural;
import io.licenserelay.text.ShortText;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports that a node does not use its changed configuration, or not all of it, and that nodes have had different configurations for some time, as one incident of the
 * relay. Each node writes down what it refused; the node that reports the incidents of the relay reads it. While another cause keeps that
 * incident open, the report waits. Thread-safe.
 */
public final class ConfigurationIncidents {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationIncidents.class);

    /** A difference is normal while a change is brought to one node after the other. */
    static final Duration LASTING = Duration.ofMinutes(15);

    /** What a node has refused counts for so long after its end, because a node that is restarted with a bad file does not come back. */
    static final Duration ENDED = Duration.ofMinutes(15);

    private static final int MAX_PROBLEMS_LENGTH = 2_000;
    private static final int MAX_NODES = 5;
    private static final int MAX_SITES = 10;

    private final Database database;
    private final IncidentReporter incidents;
    private final NodeConfigurations nodes;
    private final Redactor redactor;
    private final String node;
    private final Clock clock;

    /** What this node refuses now. A process starts only with a valid configuration. */
    private Optional<RefusedConfiguration> refusal = Optional.empty();

    /** Initially false, because an earlier process of this node may have left its refusal. */
    private boolean written;

    private List<Finding> reported = List.of();

    /** @param node the name of this node */
    public ConfigurationIncidents(
            Database database,
            IncidentReporter incidents,
            NodeConfigurations nodes,
            Redactor redactor,
            String node,
            Clock clock) {
        this.database = database;
        this.incidents = incidents;
        this.nodes = nodes;
        this.redactor = redactor;
        this.node = node;
        this.clock = clock;
    }

    /**
     * This node does not use its changed configuration, because it is not valid, or not all of it, because some sites could not be changed.
     *
     * @param problems all problems, one per line: file, line and correction, or site and reason; is redacted and shortened here
     */
    public synchronized void refused(String problems) {
        String text =
                ShortText.of(redactor.redact(problems).strip().replaceAll("\\s*\\R\\s*", "; "), MAX_PROBLEMS_LENGTH);
        // The same problems keep their time.
        if (refusal.filter(each -> each.problems().equals(text)).isEmpty()) {
            refusal = Optional.of(
                    new RefusedConfiguration(node, text, clock.instant().truncatedTo(ChronoUnit.SECONDS)));
            written = false;
        }
        checkIfPossible();
    }

    /** This node works with its current configuration files. */
    public synchronized void accepted() {
        if (refusal.isPresent()) {
            refusal = Optional.empty();
            written = false;
        }
        checkIfPossible();
    }

    private void checkIfPossible() {
        try {
            check();
        } catch (StoreFailed | NotOwner e) {
            LOG.debug("the state of the configuration is written later", e);
        }
    }

    /**
     * Writes down the state of this node if that was not possible before, and reports or resolves if this node reports the incidents of the
     * relay. To be called regularly.
     */
    public synchronized void check() {
        if (!written) {
            database.submit(this::write);
            written = true;
        }
        if (database.owns(Database.RELAY)) {
            report();
        }
    }

    private int write(Handle tx) {
        return refusal.map(each -> each.insert(tx)).orElseGet(() -> RefusedConfiguration.deleteOf(tx, node));
    }

    private void report() {
        List<RefusedConfiguration> refusals = refusals();
        List<Finding> findings = new ArrayList<>();
        if (!refusals.isEmpty()) {
            findings.add(new Finding(Findings.CONFIGURATION_REFUSED, text(refusals)));
        }
        List<SiteDifference> differences = nodes.differences(LASTING);
        if (!differences.isEmpty()) {
            findings.add(new Finding(Findings.CONFIGURATION_DIFFERS, differenceText(differences)));
        }
        if (findings.isEmpty()) {
            if (!isStillDifferent()) {
                resolve();
            }
        } else if (!findings.equals(reported) || !database.read(this::isReported)) {
            reported = database.write(Database.RELAY, tx -> report(tx, findings));
        }
    }

    /** A node that begins to report has not observed a difference for long. One that is reported stays reported until it is over. */
    private boolean isStillDifferent() {
        return !nodes.differences(Duration.ZERO).isEmpty()
                && database.read(tx -> incidents.isRelayOpen(tx, Findings.CONFIGURATION_DIFFERS));
    }

    private boolean isReported(Handle tx) {
        return incidents.isConfigurationOpen(tx) && incidents.isRelayFailing(tx);
    }

    /** @return what is reported now */
    private List<Finding> report(Handle tx, List<Finding> findings) {
        if (incidents.isRelayOccupied(tx)) {
            return List.of();
        }
        incidents.reportRelay(tx, incidents.ofRelay(Step.APPLY, findings));
        return findings;
    }

    private void resolve() {
        reported = List.of();
        if (database.read(incidents::isConfigurationOpen)) {
            database.write(
                    Database.RELAY,
                    tx -> incidents.isConfigurationOpen(tx) ? incidents.clearRelay(tx) : Optional.empty());
        }
    }

    /** The refusals of nodes that are alive or ended a short time ago; deletes the others. */
    private List<RefusedConfiguration> refusals() {
        List<RefusedConfiguration> all = database.read(RefusedConfiguration::all);
        if (all.isEmpty()) {
            return all;
        }
        Set<String> seen = nodes.seenWithin(ENDED);
        for (RefusedConfiguration each : all) {
            if (!seen.contains(each.node())) {
                database.write(Database.RELAY, each::delete);
            }
        }
        return all.stream().filter(each -> seen.contains(each.node())).toList();
    }

    private static String text(List<RefusedConfiguration> refusals) {
        String nodes = refusals.stream()
                .limit(MAX_NODES)
                .map(each -> each.node() + " does not use all of its changed configuration since " + each.at() + ": "
                        + each.problems())
                .collect(Collectors.joining(" | "));
        int more = refusals.size() - MAX_NODES;
        return more > 0 ? nodes + " | and " + Plural.of(more, "further node") : nodes;
    }

    private static String differenceText(List<SiteDifference> differences) {
        String sites = differences.stream()
                .limit(MAX_SITES)
                .map(each -> ShortText.of(each.text(), MAX_PROBLEMS_LENGTH / MAX_SITES * 2))
                .collect(Collectors.joining(" | "));
        int more = differences.size() - MAX_SITES;
        return more > 0 ? sites + " | and " + Plural.of(more, "further site") : sites;
    }
}
