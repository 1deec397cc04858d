package io.licenserelay.simulator.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
 * A real Kafka broker and controller in this JVM, on loopback only. It creates no topics automatically. A restart with
 * the same folder and port keeps topics and records, so that tests can make Kafka unreachable for a time.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final int NODE = 1;
    private static final String CLUSTER = "bGljZW5zZS1yZWxheS0wMQ";

    private final KafkaRaftServer server;
    private final int port;
    private final @Nullable Path temporary;
    private boolean closed;

    private EmbeddedKafka(KafkaRaftServer server, int port, @Nullable Path temporary) {
        this.server = server;
        this.port = port;
        this.temporary = temporary;
    }

    /** Starts a broker on a random port, in a temporary folder that is deleted on close. Takes about 3 s. */
    public static EmbeddedKafka start() throws IOException {
        Path dir = Files.createTempDirectory("license-relay-kafka");
        return start(dir, freePort(), dir, List.of(), List.of(), Map.of());
    }

    /** Starts a broker on a random port. The folder is kept. */
    public static EmbeddedKafka start(Path dir) throws IOException {
        return start(dir, freePort());
    }

    /**
     * Starts a broker on this port. The folder is kept.
     *
     * @param dir contains topics and records; it is formatted if it is empty, and used as it is otherwise
     */
    public static EmbeddedKafka start(Path dir, int port) throws IOException {
        return start(dir, port, null, List.of(), List.of(), Map.of());
    }

    /**
     * Starts a broker on a random port and with further listeners. The folder is kept.
     *
     * @param listeners in addition to the plain one, for example {@code SSL://127.0.0.1:40124}
     * @param scramUsers in the syntax of Kafka's formatter
     * @param more further settings of the broker
     */
    static EmbeddedKafka start(Path dir, List<String> listeners, List<String> scramUsers, Map<String, String> more)
            throws IOException {
        return start(dir, freePort(), null, listeners, scramUsers, more);
    }

    /** The bootstrap servers, for example {@code 127.0.0.1:40123}. */
    public String brokers() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    /** Stops the broker and waits until it has stopped. A second call does nothing. */
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
            Path dir,
            int port,
            @Nullable Path temporary,
            List<String> listeners,
            List<String> scramUsers,
            Map<String, String> more)
            throws IOException {
        Files.createDirectories(dir);
        format(dir, scramUsers);
        Map<String, String> settings = settings(dir, port, listeners);
        settings.putAll(more);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            throw e;
        }
        return new EmbeddedKafka(server, port, temporary);
    }

    private static Map<String, String> settings(Path dir, int port, List<String> listeners) throws IOException {
        int controller = freePort();
        List<String> addresses = new ArrayList<>(listeners);
        addresses.add(0, "PLAINTEXT://127.0.0.1:" + port);
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(NODE));
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controller);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listeners", String.join(",", addresses) + ",CONTROLLER://127.0.0.1:" + controller);
        settings.put("advertised.listeners", String.join(",", addresses));
        settings.put(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", dir.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        // The default allocates 128 MB at every start, but these topics contain only a few records.
        settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
        return settings;
    }

    private static void format(Path dir, List<String> scramUsers) throws IOException {
        try (PrintStream discarded = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            Formatter formatter = new Formatter();
            if (!scramUsers.isEmpty()) {
                formatter.setScramArguments(scramUsers);
            }
            formatter
                    .setSupportedFeatures(Features.PRODUCTION_FEATURES)
                    .setPrintStream(discarded)
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

    /** Another process could take the port before it is used. On loopback this is rare, and the start then fails with an error. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
