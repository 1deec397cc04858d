package io.licenserelay.simulator.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A real Kafka broker with a plain listener, a TLS listener, and a listener for TLS with name and password. */
public final class SecuredKafka implements AutoCloseable {
    private final EmbeddedKafka kafka;
    private final int tls;
    private final int sasl;

    private SecuredKafka(EmbeddedKafka kafka, int tls, int sasl) {
        this.kafka = kafka;
        this.tls = tls;
        this.sasl = sasl;
    }

    /**
     * Starts a broker on random ports, one per listener. The folder is kept.
     *
     * @param more further settings of the broker
     */
    public static SecuredKafka start(Path dir, BrokerSecurity security, Map<String, String> more) throws IOException {
        int tls = EmbeddedKafka.freePort();
        int sasl = EmbeddedKafka.freePort();
        Map<String, String> settings = new HashMap<>(security.settings());
        settings.putAll(more);
        List<String> listeners = List.of("SSL://127.0.0.1:" + tls, "SASL_SSL://127.0.0.1:" + sasl);
        return new SecuredKafka(EmbeddedKafka.start(dir, listeners, security.scramUsers(), settings), tls, sasl);
    }

    /** The bootstrap servers of the plain listener. */
    public String brokers() {
        return kafka.brokers();
    }

    /** The bootstrap servers of the TLS listener. */
    public String tlsBrokers() {
        return "127.0.0.1:" + tls;
    }

    /** The bootstrap servers of the listener for TLS with name and password. */
    public String saslBrokers() {
        return "127.0.0.1:" + sasl;
    }

    @Override
    public void close() throws IOException {
        kafka.close();
    }
}
