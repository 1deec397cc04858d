package io.licenserelay.incident;

import io.licenserelay.diagnosis.Rules;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.site.Place;
import io.licenserelay.store.Database;
import io.licenserelay.store.StoreFailed;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the disk or the database takes no writes. That cannot be written down while it lasts: the log says it, and
 * the incident is recorded, and resolved, as soon as writing works again. Thread-safe.
 */
public final class StoreWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

    private final Database database;
    private final Incidents incidents;
    private final Rules rules;
    private final Clock clock;
    private @Nullable Failure failure;

    public StoreWatch(Database database, Incidents incidents, Rules rules, Clock clock) {
        this.database = database;
        this.incidents = incidents;
        this.rules = rules;
        this.clock = clock;
    }

    /** Something could not be written. */
    public synchronized void failed(Exchange exchange) {
        Throwable thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        String why = thrown == null ? "no reason given" : KafkaWatch.innermost(thrown);
        if (failure == null) {
            LOG.error("LIC8002: the database takes no writes ({}); syncs and events stand still until it does", why);
            List<Finding> findings = List.of(new Finding(Findings.STORE_UNWRITABLE, why));
            failure = Failure.of(Place.relay(), Flow.RELAY, Step.APPLY, findings, null, clock.instant());
        }
    }

    /** Tries whether writing works again, if it did not. */
    public synchronized void check() {
        if (failure == null) {
            return;
        }
        Evidence evidence = Evidence.of(failure);
        try {
            database.write(tx -> tell(tx, evidence));
            LOG.info("the database takes writes again");
            failure = null;
        } catch (StoreFailed still) {
            LOG.debug("the database still takes no writes", still);
        }
    }

    /** An incident of the relay that stays open for another reason is not ours to resolve. */
    private Optional<Incident> tell(Handle tx, Evidence evidence) {
        Occasion occasion = Occasion.ofTheRelay(clock.instant());
        boolean another = incidents.isFailing(tx, Place.relay(), Flow.RELAY);
        incidents.record(tx, rules.diagnose(evidence), evidence, occasion);
        return another ? Optional.empty() : incidents.clear(tx, Place.relay(), Flow.RELAY, occasion);
    }
}
