package io.licenserelay.incident;

import io.licenserelay.diagnosis.Rules;
import io.licenserelay.event.Outbox;
import io.licenserelay.evidence.Evidence;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Finding;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.Step;
import io.licenserelay.site.Place;
import io.licenserelay.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that Kafka is away, and that it is back. While it is away events wait in the outbox; one incident of the relay
 * itself tells of it once Kafka can be told. Called by the one publishing route only.
 */
public final class KafkaWatch {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWatch.class);
    private static final int BATCH = 500;
    private static final Duration REMIND = Duration.ofMinutes(1);

    private final Database database;
    private final Incidents incidents;
    private final Outbox outbox;
    private final Rules rules;
    private final Clock clock;
    private boolean away;
    private boolean checked;
    private Instant lastSaid = Instant.EPOCH;

    public KafkaWatch(Database database, Incidents incidents, Outbox outbox, Rules rules, Clock clock) {
        this.database = database;
        this.incidents = incidents;
        this.outbox = outbox;
        this.rules = rules;
        this.clock = clock;
    }

    /** Kafka did not take a batch. */
    public synchronized void away(Exchange exchange) {
        Throwable thrown = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        String why = thrown == null ? "no reason given" : innermost(thrown);
        if (!away) {
            away = true;
            Evidence evidence = evidence(why);
            database.write(tx -> incidents.isFailing(tx, Place.relay(), Flow.RELAY)
                    ? 0
                    : incidents.record(tx, rules.diagnose(evidence), evidence, Occasion.ofTheRelay(clock.instant())));
        }
        remind(why);
    }

    /**
     * How many records may be sent at once: one until Kafka is known to be there, since every single one waits for a broker
     * that is away.
     */
    public synchronized int most() {
        return checked && !away ? BATCH : 1;
    }

    /** Kafka took a batch. */
    public synchronized void back() {
        if (checked && !away) {
            return;
        }
        database.write(tx -> incidents.clear(tx, Place.relay(), Flow.RELAY, Occasion.ofTheRelay(clock.instant())));
        if (away) {
            LOG.info("Kafka takes events again");
        }
        away = false;
        checked = true;
    }

    /** Whether the last batch was not taken. */
    public synchronized boolean isAway() {
        return away;
    }

    private void remind(String why) {
        Instant now = clock.instant();
        if (now.isBefore(lastSaid.plus(REMIND))) {
            return;
        }
        lastSaid = now;
        Outbox.Waiting waiting = outbox.waiting();
        LOG.warn("Kafka takes no events ({}); {} wait on disk, since {}", why, waiting.rows(), waiting.since());
    }

    private Evidence evidence(String why) {
        List<Finding> findings = List.of(new Finding(Findings.KAFKA_UNREACHABLE, why));
        return Evidence.of(Failure.of(Place.relay(), Flow.RELAY, Step.PUBLISH, findings, null, clock.instant()));
    }

    static String innermost(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName() + ": "
                + String.valueOf(cause.getMessage()).replaceAll("\\R", " ");
    }
}
