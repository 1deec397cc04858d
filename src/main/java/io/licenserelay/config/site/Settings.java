package io.licenserelay.config.site;

import io.licenserelay.config.secret.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the relay itself works, from {@code application.properties}, the environment and JVM system properties.
 *
 * @param name of this relay: in consumer group ids, in the source of events and in {@code data.relay}
 * @param topics a name for every {@link Topic}, no two alike
 * @param docsBase what a diagnosis code is appended to, to link its page
 * @param maxEventBytes the largest event that is sent, 8,192 to 900,000
 * @param evidenceForm how much of the evidence stands in the event itself
 * @param foldPlaces so many places that fail alike become one incident, at least 2
 * @param flap when a place that fails and recovers again and again is told as one incident
 * @param projections the forms in which failures are told besides, each on a topic of its own
 * @param sitesParallel sites that run side by side, 1 to 256
 * @param runLimit how long each part of a run may last: reading licenses, visiting devices, sending reports; 1 s to 24 h
 * @param commandsPause the least time between two commands for one site
 * @param inboxSettle how long a file in an inbox must stay unchanged before it is read, 0 s to 1 min
 * @param bundles how much of evidence is kept in files
 * @param camel every key that does not start with {@code relay.}, for Camel
 * @param secrets values among the settings that nobody may see
 */
public record Settings(
        String name,
        Kafka kafka,
        Map<Topic, String> topics,
        String docsBase,
        int maxEventBytes,
        EvidenceForm evidenceForm,
        int foldPlaces,
        Flap flap,
        Projections projections,
        int sitesParallel,
        Duration runLimit,
        Duration commandsPause,
        Duration inboxSettle,
        Bundles bundles,
        Map<String, String> camel,
        List<Secret> secrets) {

    /** The name of a relay that was given none, and the beginning of every dedup key. */
    public static final String PRODUCT = "license-relay";

    /**
     * When an incident flaps.
     *
     * @param times so many recoveries within {@code rest}, at least 2
     * @param rest so long it must then be well before it is resolved
     */
    public record Flap(int times, Duration rest) {}

    /**
     * Failures in the words of alerting systems.
     *
     * @param on those that are wanted, by their topics; empty means none
     * @param routingKey of PagerDuty's integration; null when whoever posts adds it
     */
    public record Projections(
            Map<Projection, String> on, @Nullable String routingKey) {
        /** Nothing but the failures topic. */
        public static final Projections NONE = new Projections(Map.of(), null);

        /** Without the key: it lets anybody page. */
        @Override
        public String toString() {
            return "Projections[on=" + on + "]";
        }
    }

    public String topic(Topic topic) {
        return Objects.requireNonNull(topics.get(topic));
    }

    /** Without Camel's keys and values: passwords may be among them. */
    @Override
    public String toString() {
        return "Settings[name=" + name + ", kafka=" + kafka + ", topics=" + topics + ", docsBase=" + docsBase
                + ", maxEventBytes="
                + maxEventBytes + ", evidenceForm=" + evidenceForm + ", foldPlaces=" + foldPlaces + ", flap=" + flap
                + ", projections=" + projections
                + ", sitesParallel=" + sitesParallel + ", runLimit=" + runLimit + ", commandsPause=" + commandsPause
                + ", inboxSettle="
                + inboxSettle + ", camel: "
                + camel.size() + " keys]";
    }

    /**
     * The files of evidence, one an incident; the oldest go when one of these is passed.
     *
     * @param bytes of all of them together
     */
    public record Bundles(int count, long bytes, Duration age) {
        public static final Bundles STANDARD = new Bundles(200, 256L << 20, Duration.ofDays(30));
    }

    /**
     * How to reach Kafka.
     *
     * @param brokers {@code host:port}, several with commas
     * @param maxBlock the longest that a send waits for a broker that is away
     * @param timeout the longest that a command waits for an answer of the brokers, 500 ms to 2 min
     * @param client any property of Kafka's clients, passed on as it is
     */
    public record Kafka(String brokers, Duration maxBlock, Duration timeout, Map<String, String> client) {

        /** With the names of the client's properties only: passwords may be among the values. */
        @Override
        public String toString() {
            return "Kafka[brokers=" + brokers + ", maxBlock=" + maxBlock + ", timeout=" + timeout + ", client: "
                    + client.keySet() + "]";
        }
    }
}
