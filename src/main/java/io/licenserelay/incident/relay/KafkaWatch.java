package io.licenserelay.incident.relay;

import io.licenserelay.event.Outbox;
import io.licenserelay.event.OutboxRecord;
import io.licenserelay.event.RefusedTopics;
import io.licenserelay.event.kafka.DeadLetter;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Findings;
import io.licenserelay.evidence.Step;
import io.licenserelay.incident.IncidentReporter;
import io.licenserelay.incident.event.Incident;
import io.licenserelay.store.Database;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which events are sent to Kafka next, and detects that Kafka is unreachable, refuses a topic or record, or has
 * recovered. Meanwhile events wait in the outbox. One incident of the relay itself reports the problem as soon as Kafka
 * accepts events. Thread-safe.
 */
public final class KafkaWatch {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWatch.class);
    private static final int BATCH = 500;
    private static final Duration REMINDER_INTERVAL = Duration.ofMinutes(1);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(2);

    private static final Logger LETTERS = LoggerFactory.getLogger("io.licenserelay.topic");
    private static final int MAX_LETTER_TRIES = 3;

    /** Records that are too large are one incident during this time, not one per record. */
    private static final Duration SHORTENING = Duration.ofMinutes(10);

    private final Database database;
    private final IncidentReporter incidents;
    private final Outbox outbox;
    private final RefusedTopics refused = new RefusedTopics();
    private final Set<String> waitingLetters = new HashSet<>();
    private @Nullable Long lastShortened;
    private boolean unreachable;
    private boolean checked;
    private boolean reported;
    private int oneByOne;
    private @Nullable Long lastRefused;
    private @Nullable Long lastReminder;
    private @Nullable Long lastFenced;

    public KafkaWatch(Database database, IncidentReporter incidents, Outbox outbox) {
        this.database = database;
        this.incidents = incidents;
        this.outbox = outbox;
    }

    /** This relay begins to publish: it forgets what it knew of Kafka, and the incident that a former publisher opened. */
    public synchronized void begin() {
        unreachable = false;
        checked = false;
        reported = false;
        oneByOne = 0;
        lastReminder = null;
        lastFenced = null;
    }

    /**
     * Returns the records to send now. While Kafka is not known to be reachable it returns a single record, because
     * each record waits for the broker. After a batch with a refused record it returns the records of that batch one by
     * one.
     */
    public synchronized List<OutboxRecord> next() {
        int limit = checked && !unreachable && oneByOne == 0 ? BATCH : 1;
        List<OutboxRecord> batch = outbox.next(limit, refused.lanes());
        return batch.isEmpty() ? nextRefused() : batch;
    }

    /** Returns refused records when no others wait and some time has passed. The order of each key stays. */
    private List<OutboxRecord> nextRefused() {
        if (isWithin(RETRY_INTERVAL, lastRefused)) {
            return List.of();
        }
        Optional<RefusedTopics.Lane> lane = refused.nextRetry();
        List<OutboxRecord> records = lane.map(outbox::next).orElse(List.of());
        if (records.isEmpty()) {
            lane.ifPresent(refused::remove);
        }
        return records;
    }

    /** Records that Kafka did not accept a batch. */
    public synchronized void unreachable(Exception thrown, List<OutboxRecord> batch) {
        String why = innermost(thrown);
        if (RefusedTopics.isOfPublisher(thrown)) {
            open(Findings.KAFKA_PUBLISHER_REFUSED, why);
            unreachable = true;
            remind("Kafka refuses all events of this relay", why);
        } else if (!RefusedTopics.isRefusal(thrown)) {
            open(Findings.KAFKA_UNREACHABLE, why);
            unreachable = true;
            remind("Kafka accepts no events", why);
        } else if (batch.size() > 1) {
            oneByOne = batch.size();
        } else {
            lastRefused = System.nanoTime();
            RefusedTopics.Lane lane = refused.add(batch.get(0), thrown);
            open(Findings.KAFKA_REFUSED, lane + ": " + why);
            remind("Kafka refuses " + lane + "; other records are sent", why);
        }
    }

    /**
     * Records that another relay took over the publication during a batch, or that Kafka ended the transaction of this relay. The
     * events stay in the outbox for the relay that publishes now. This says nothing about Kafka, so it is no incident.
     */
    public synchronized void fenced(Exception thrown) {
        if (!isWithin(REMINDER_INTERVAL, lastFenced)) {
            lastFenced = System.nanoTime();
            LOG.warn("a batch was not published, because another relay may publish now ({})", innermost(thrown));
        }
    }

    /**
     * Records that Kafka did not accept a dead letter. A dead letter that Kafka refuses because of its content is sent
     * in a shortened form. For any other reason it waits, together with the following records of its topic. Both become
     * an incident after some tries.
     */
    public synchronized void letterRefused(DeadLetter letter, Exception thrown) {
        boolean shortened = !letter.isWhole();
        if (shortened) {
            lastShortened = System.nanoTime();
        } else if (letter.tries() >= MAX_LETTER_TRIES) {
            waitingLetters.add(letter.place());
        }
        if (shortened || letter.tries() >= MAX_LETTER_TRIES) {
            String finding =
                    RefusedTopics.isRefusal(thrown) || shortened ? Findings.KAFKA_REFUSED : Findings.KAFKA_UNREACHABLE;
            String handling = shortened ? "is sent with its digest and the start of its value" : "waits";
            open(finding, "the dead letter of " + letter.place() + " " + handling + ": " + innermost(thrown));
        }
        // Logs fewer and fewer tries of a dead letter that waits for hours.
        if (!RefusedTopics.isOfRecord(thrown) && Integer.bitCount(letter.tries()) == 1) {
            LETTERS.warn("a dead letter of {} waits ({}): {}", letter.topic(), letter.place(), innermost(thrown));
        }
    }

    /** Records that Kafka accepted a dead letter. */
    public synchronized void letterTaken(DeadLetter letter) {
        waitingLetters.remove(letter.place());
    }

    /** Records that Kafka accepted a batch. */
    public synchronized void back(List<OutboxRecord> batch) {
        oneByOne = Math.max(0, oneByOne - batch.size());
        refused.accepted(batch);
        if (checked && !unreachable && !reported) {
            return;
        }
        unreachable = false;
        checked = true;
        if (!refused.isEmpty() || !waitingLetters.isEmpty() || isWithin(SHORTENING, lastShortened)) {
            return;
        }
        database.write(Database.RELAY, this::resolve);
        if (reported) {
            LOG.info("Kafka accepts events again");
        }
        reported = false;
        lastReminder = null;
    }

    /** An incident about a damaged database file or a configuration stays open, because Kafka does not affect it. */
    private Optional<Incident> resolve(Handle tx) {
        return incidents.isRelayOpen(tx, Findings.STORE_CORRUPT) || incidents.isConfigurationOpen(tx)
                ? Optional.empty()
                : incidents.clearRelay(tx);
    }

    /** Whether no waiting record can be sent now: Kafka is unreachable, or refuses all of them. */
    public synchronized boolean isBlocked() {
        return unreachable
                || (!refused.isEmpty() && outbox.next(1, refused.lanes()).isEmpty());
    }

    private void open(String finding, String why) {
        // The relay that publishes notices by itself that Kafka is unreachable.
        if (reported || !database.owns(Database.RELAY)) {
            return;
        }
        reported = true;
        Failure failure = incidents.ofRelay(Step.PUBLISH, finding, why);
        database.write(Database.RELAY, tx -> incidents.isRelayOccupied(tx) ? 0 : incidents.reportRelay(tx, failure));
    }

    private void remind(String what, String why) {
        if (isWithin(REMINDER_INTERVAL, lastReminder)) {
            return;
        }
        lastReminder = System.nanoTime();
        Outbox.Waiting waiting = outbox.waiting();
        LOG.warn("{} ({}); {} outbox entries wait on disk since {}", what, why, waiting.rows(), waiting.since());
    }

    /** By the monotonic clock, because the wall clock may be set. */
    private static boolean isWithin(Duration time, @Nullable Long since) {
        return since != null && System.nanoTime() - since < time.toNanos();
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
