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
 * Decides what goes to Kafka next, and notices that Kafka is away or refuses a topic or record, and that all is well again.
 * Meanwhile events wait in the outbox; one incident of the relay itself tells of it once Kafka can be told. Thread-safe.
 */
public final class KafkaWatch {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWatch.class);
    private static final int BATCH = 500;
    private static final Duration REMIND = Duration.ofMinutes(1);
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private static final Logger LETTERS = LoggerFactory.getLogger("io.licenserelay.topic");
    private static final int TRIES_OF_A_LETTER = 3;

    /** A sender of records that are too large is one incident, not one per record. */
    private static final Duration SHORTENING = Duration.ofMinutes(10);

    private final Database database;
    private final IncidentReporter incidents;
    private final Outbox outbox;
    private final RefusedTopics refused = new RefusedTopics();
    private final Set<String> waitingLetters = new HashSet<>();
    private @Nullable Long lastShortened;
    private boolean unreachable;
    private boolean checked;
    private boolean trouble;
    private int oneByOne;
    private @Nullable Long lastRefused;
    private @Nullable Long lastReminder;

    public KafkaWatch(Database database, IncidentReporter incidents, Outbox outbox) {
        this.database = database;
        this.incidents = incidents;
        this.outbox = outbox;
    }

    /**
     * What is to be sent now. One record until Kafka is known to be there, since every single one waits for a broker that is
     * away, and one by one after a batch of which something was refused.
     */
    public synchronized List<OutboxRecord> next() {
        int most = checked && !unreachable && oneByOne == 0 ? BATCH : 1;
        List<OutboxRecord> batch = outbox.next(most, refused.lanes());
        return batch.isEmpty() ? again() : batch;
    }

    /** What was refused, once nothing else waits and some time has passed; the order of each key stays. */
    private List<OutboxRecord> again() {
        if (isWithin(AGAIN, lastRefused)) {
            return List.of();
        }
        Optional<RefusedTopics.Lane> turn = refused.turn();
        List<OutboxRecord> records = turn.map(outbox::next).orElse(List.of());
        if (records.isEmpty()) {
            turn.ifPresent(refused::remove);
        }
        return records;
    }

    /** Kafka did not take a batch. */
    public synchronized void unreachable(Exception thrown, List<OutboxRecord> batch) {
        String why = innermost(thrown);
        if (!RefusedTopics.isRefusal(thrown)) {
            open(Findings.KAFKA_UNREACHABLE, why);
            unreachable = true;
            remind("Kafka takes no events", why);
        } else if (batch.size() > 1) {
            oneByOne = batch.size();
        } else {
            lastRefused = System.nanoTime();
            RefusedTopics.Lane lane = refused.add(batch.get(0), thrown);
            open(Findings.KAFKA_REFUSED, lane + ": " + why);
            remind("Kafka does not take " + lane + ", others go on", why);
        }
    }

    /**
     * Kafka did not take a dead letter. One that is refused for what it is goes shortened; for any other reason it waits, and what
     * is behind it on its topic waits with it. After some tries either is an incident.
     */
    public synchronized void letterRefused(DeadLetter letter, Exception thrown) {
        boolean shortened = !letter.isWhole();
        if (shortened) {
            lastShortened = System.nanoTime();
        } else if (letter.tries() >= TRIES_OF_A_LETTER) {
            waitingLetters.add(letter.place());
        }
        if (shortened || letter.tries() >= TRIES_OF_A_LETTER) {
            String finding =
                    RefusedTopics.isRefusal(thrown) || shortened ? Findings.KAFKA_REFUSED : Findings.KAFKA_UNREACHABLE;
            String fate = shortened ? "goes by its digest and the head of its value" : "waits";
            open(finding, "the dead letter of " + letter.place() + " " + fate + ": " + innermost(thrown));
        }
        // The first tries tell most; one that waits for hours needs no line for each of them.
        if (!RefusedTopics.isOfRecord(thrown) && Integer.bitCount(letter.tries()) == 1) {
            LETTERS.warn("a dead letter of {} waits ({}): {}", letter.topic(), letter.place(), innermost(thrown));
        }
    }

    /** Kafka took a dead letter. */
    public synchronized void letterTaken(DeadLetter letter) {
        waitingLetters.remove(letter.place());
    }

    /** Kafka took a batch. */
    public synchronized void back(List<OutboxRecord> batch) {
        oneByOne = Math.max(0, oneByOne - batch.size());
        refused.taken(batch);
        if (checked && !unreachable && !trouble) {
            return;
        }
        unreachable = false;
        checked = true;
        if (!refused.isEmpty() || !waitingLetters.isEmpty() || isWithin(SHORTENING, lastShortened)) {
            return;
        }
        database.write(this::resolve);
        if (trouble) {
            LOG.info("Kafka takes events again");
        }
        trouble = false;
        lastReminder = null;
    }

    /** That Kafka takes events does not mend a damaged database file. */
    private Optional<Incident> resolve(Handle tx) {
        return incidents.isRelayOpen(tx, Findings.STORE_CORRUPT) ? Optional.empty() : incidents.clearRelay(tx);
    }

    /** Whether nothing that waits can go out now: Kafka is away, or refuses all that is left. */
    public synchronized boolean isAway() {
        return unreachable
                || (!refused.isEmpty() && outbox.next(1, refused.lanes()).isEmpty());
    }

    private void open(String finding, String why) {
        if (trouble) {
            return;
        }
        trouble = true;
        Failure failure = incidents.ofRelay(Step.PUBLISH, finding, why);
        database.write(tx -> incidents.isRelayFailing(tx) ? 0 : incidents.reportRelay(tx, failure));
    }

    private void remind(String what, String why) {
        if (isWithin(REMIND, lastReminder)) {
            return;
        }
        lastReminder = System.nanoTime();
        Outbox.Waiting waiting = outbox.waiting();
        LOG.warn("{} ({}); {} wait on disk, since {}", what, why, waiting.rows(), waiting.since());
    }

    /** By the monotonic clock: the wall clock may be set. */
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
