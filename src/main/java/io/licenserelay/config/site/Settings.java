package io.licenserelay.config.site;

import io.licenserelay.config.secret.Secret;
import io.licenserelay.config.web.ListenAddress;
import io.licenserelay.config.web.WebSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the relay itself, from {@code application.properties}, the environment and JVM system properties.
 *
 * @param name the name of this relay: in consumer group ids, in the source of events and in {@code data.relay}
 * @param topics a unique name for every {@link Topic}
 * @param docsBase base URL of the pages of causes; the code is appended
 * @param maxEventBytes maximum size of an event, 8,192 to 900,000
 * @param evidenceForm how much of the evidence is in the event itself
 * @param foldPlaces number of places with the same failure that are merged into one incident, at least 2
 * @param flap when a place that fails and recovers repeatedly counts as one incident
 * @param projections additional formats of failures, each on its own topic
 * @param sitesParallel number of sites that run at the same time, 1 to 256
 * @param runLimit time limit of each part of a run: reading licenses, visiting devices, sending reports; 1 s to 24 h
 * @param commandsPause minimum time between two commands for one site
 * @param inboxSettle how long a file in an inbox must stay unchanged before it is read, 0 s to 1 min
 * @param bundles limits of the evidence files
 * @param web the server of API and console
 * @param management where the management server listens, or null if the relay has none
 * @param logFormat the format of the log of {@code run}
 * @param traces where traces are sent; null if nowhere
 * @param camel every key that does not start with {@code relay.}, for Camel
 * @param secrets secret values among the settings
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
        WebSettings web,
        @Nullable ListenAddress management,
        ServiceLogFormat logFormat,
        @Nullable TraceSettings traces,
        Map<String, String> camel,
        List<Secret> secrets) {

    /** The default name of a relay, and the prefix of every dedup key. */
    public static final String PRODUCT = "license-relay";

    /**
     * When an incident flaps.
     *
     * @param times number of recoveries within {@code rest}, at least 2
     * @param rest time without a failure after which the incident is resolved
     */
    public record Flap(int times, Duration rest) {}

    /**
     * Failures in the formats of alerting systems.
     *
     * @param on the enabled formats with their topics; may be empty
     * @param routingKey routing key of PagerDuty's integration, or null if the poster adds it
     */
    public record Projections(
            Map<Projection, String> on, @Nullable String routingKey) {
        /** No additional format. */
        public static final Projections NONE = new Projections(Map.of(), null);

        /** Without the routing key, because anyone who knows it can send alerts. */
        @Override
        public String toString() {
            return "Projections[on=" + on + "]";
        }
    }

    public String topic(Topic topic) {
        return Objects.requireNonNull(topics.get(topic));
    }

    /** Without Camel's keys and values, because they may contain passwords. */
    @Override
    public String toString() {
        return "Settings[name=" + name + ", kafka=" + kafka + ", topics=" + topics + ", docsBase=" + docsBase
                + ", maxEventBytes="
                + maxEventBytes + ", evidenceForm=" + evidenceForm + ", foldPlaces=" + foldPlaces + ", flap=" + flap
                + ", projections=" + projections
                + ", sitesParallel=" + sitesParallel + ", runLimit=" + runLimit + ", commandsPause=" + commandsPause
                + ", inboxSettle="
                + inboxSettle + ", management=" + management + ", logFormat=" + logFormat + ", traces="
                + (traces == null ? "none" : traces.endpoint()) + ", camel: "
                + camel.size() + " keys]";
    }

    /**
     * The limits of the evidence files, one file per incident. The oldest files are deleted when a limit is exceeded.
     *
     * @param bytes total size of all files
     */
    public record Bundles(int count, long bytes, Duration age) {
        public static final Bundles STANDARD = new Bundles(200, 256L << 20, Duration.ofDays(30));
    }

    /**
     * The connection to Kafka.
     *
     * @param brokers {@code host:port}, separated by commas
     * @param maxBlock longest time that a send waits for an unreachable broker
     * @param timeout longest time that a command waits for an answer of the brokers, 500 ms to 2 min
     * @param client properties of Kafka's clients, passed on unchanged
     */
    public record Kafka(String brokers, Duration maxBlock, Duration timeout, Map<String, String> client) {

        /** Contains only the names of the client's properties, because the values may contain passwords. */
        @Override
        public String toString() {
            return "Kafka[brokers=" + brokers + ", maxBlock=" + maxBlock + ", timeout=" + timeout + ", client: "
                    + client.keySet() + "]";
        }
    }
}
