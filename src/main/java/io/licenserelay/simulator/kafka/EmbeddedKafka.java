package io.licenserelay.simulator.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.commons.io.FileUtils;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Features;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker and controller in this JVM, on loopback only. It creates no topic by itself. Closing it and starting
 * it again with the same folder and port keeps topics and records, so that "Kafka is away" can be tested.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final int NODE = 1;
    private static final String CLUSTER = "bGljZW5zZS1yZWxheS0wMQ";

    private final KafkaRaftServer server;
    private final Listeners listeners;
    private final @Nullable Path temporary;
    private boolean closed;

    private EmbeddedKafka(KafkaRaftServer server, Listeners listeners, @Nullable Path temporary) {
        this.server = server;
        this.listeners = listeners;
        this.temporary = temporary;
    }

    /** On a random port, in a temporary folder that is deleted on close. Takes about 3 s. */
    public static EmbeddedKafka start() throws IOException {
        Path dir = Files.createTempDirectory("license-relay-kafka");
        return start(dir, Listeners.plain(freePort()), dir, Map.of());
    }

    /** On a random port; the folder is kept. */
    public static EmbeddedKafka start(Path dir) throws IOException {
        return start(dir, freePort());
    }

    /**
     * On random ports, one for each way in; the folder is kept.
     *
     * @param more further settings of the broker
     */
    public static EmbeddedKafka start(Path dir, BrokerSecurity security, Map<String, String> more) throws IOException {
        return start(dir, new Listeners(freePort(), freePort(), freePort(), security), null, more);
    }

    /**
     * On a port of choice; the folder is kept.
     *
     * @param dir holds topics and records; formatted when empty, else taken as it was left
     */
    public static EmbeddedKafka start(Path dir, int port) throws IOException {
        return start(dir, Listeners.plain(port), null, Map.of());
    }

    /** The bootstrap servers, for example {@code 127.0.0.1:40123}. */
    public String brokers() {
        return "127.0.0.1:" + listeners.plain;
    }

    /** The same for clients that speak TLS; only of a broker with security. */
    public String tlsBrokers() {
        return "127.0.0.1:" + listeners.tls;
    }

    /** The same for clients that speak TLS and give name and password. */
    public String saslBrokers() {
        return "127.0.0.1:" + listeners.sasl;
    }

    public int port() {
        return listeners.plain;
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    /** Stops the broker and waits until it has. Closing twice does nothing. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        server.shutdown();
        server.awaitShutdown();
        if (temporary != null) {
            FileUtils.deleteDirectory(temporary.toFile());
        }
    }

    private static EmbeddedKafka start(
            Path dir, Listeners listeners, @Nullable Path temporary, Map<String, String> more) throws IOException {
        Files.createDirectories(dir);
        format(dir, listeners);
        Map<String, String> settings = settings(dir, listeners);
        settings.putAll(more);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            throw e;
        }
        return new EmbeddedKafka(server, listeners, temporary);
    }

    private static Map<String, String> settings(Path dir, Listeners listeners) throws IOException {
        int controller = freePort();
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(NODE));
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controller);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listeners", listeners.addresses() + ",CONTROLLER://127.0.0.1:" + controller);
        settings.put("advertised.listeners", listeners.addresses());
        settings.put(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT");
        if (listeners.security != null) {
            settings.putAll(listeners.security.settings());
        }
        settings.put("log.dirs", dir.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        // The default of 128 MB would be taken at every start, for topics that hold a few records here.
        settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
        return settings;
    }

    private static void format(Path dir, Listeners listeners) throws IOException {
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            Formatter formatter = new Formatter();
            if (listeners.security != null) {
                formatter.setScramArguments(listeners.security.scramUsers());
            }
            formatter
                    .setSupportedFeatures(Features.PRODUCTION_FEATURES)
                    .setPrintStream(nowhere)
                    .setNodeId(NODE)
                    .setClusterId(CLUSTER)
                    .addDirectory(dir.toString())
                    .setMetadataLogDirectory(dir.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setIgnoreFormatted(true)
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot format " + dir + " for Kafka", e);
        }
    }

    /** Nobody else may take the port between here and its use; on loopback that is rare enough, and loud. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Ports; those for TLS count only with security. */
    private record Listeners(
            int plain, int tls, int sasl, @Nullable BrokerSecurity security) {

        static Listeners plain(int port) {
            return new Listeners(port, 0, 0, null);
        }

        String addresses() {
            String one = "PLAINTEXT://127.0.0.1:" + plain;
            return security == null ? one : one + ",SSL://127.0.0.1:" + tls + ",SASL_SSL://127.0.0.1:" + sasl;
        }
    }
}
