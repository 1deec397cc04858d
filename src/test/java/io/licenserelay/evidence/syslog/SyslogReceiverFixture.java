package io.licenserelay.evidence.syslog;

import io.licenserelay.config.site.Site;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** A receiver on a free loopback port, with the shipped routes in {@code routes/}. */
final class SyslogReceiverFixture implements AutoCloseable {
    private static final Duration MAX_IDLE = Duration.ofHours(1);

    final Path path;
    final int port;
    final SyslogReceiver receiver;
    private final CamelContext context = new DefaultCamelContext();

    private SyslogReceiverFixture(Path path, List<String> from, long keep, Duration maxIdle, Clock clock)
            throws Exception {
        this.path = path;
        this.port = freePort();
        Site.Syslog syslog = new Site.Syslog("127.0.0.1", port, Site.Syslog.Protocol.BOTH, from, keep);
        Site.LogFile log = new Site.LogFile("ssm", path, null, false, List.of(), syslog);
        this.receiver = new SyslogReceiver(log, maxIdle, clock);
        context.getRegistry().bind("receiver", receiver);
        context.getRegistry().bind("udp", receiver.datagrams());
        context.getRegistry().bind("tcp", receiver.streams());
        context.start();
        for (String protocol : List.of("udp", "tcp")) {
            String file = protocol.equals("udp") ? "80-syslog-udp" : "81-syslog-tcp";
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.resolveResource(context, "file:routes/" + file + ".camel.yaml"));
            TemplatedRouteBuilder.builder(context, "syslog-" + protocol)
                    .prefixId(protocol)
                    .parameter("address", "127.0.0.1:" + port)
                    .parameter("receiver", "receiver")
                    .parameter("frames", protocol)
                    .add();
        }
    }

    static SyslogReceiverFixture into(Path path) throws Exception {
        return new SyslogReceiverFixture(path, List.of(), 1 << 20, MAX_IDLE, Clock.systemUTC());
    }

    static SyslogReceiverFixture into(Path path, Clock clock) throws Exception {
        return new SyslogReceiverFixture(path, List.of(), 1 << 20, MAX_IDLE, clock);
    }

    static SyslogReceiverFixture from(Path path, String... senders) throws Exception {
        return new SyslogReceiverFixture(path, List.of(senders), 1 << 20, MAX_IDLE, Clock.systemUTC());
    }

    static SyslogReceiverFixture keeping(Path path, long keep) throws Exception {
        return new SyslogReceiverFixture(path, List.of(), keep, MAX_IDLE, Clock.systemUTC());
    }

    static SyslogReceiverFixture closingIdleAfter(Path path, Duration maxIdle) throws Exception {
        return new SyslogReceiverFixture(path, List.of(), 1 << 20, maxIdle, Clock.systemUTC());
    }

    void datagram(String message) throws IOException {
        datagram(message.getBytes(StandardCharsets.UTF_8));
    }

    void datagram(byte[] bytes) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress("127.0.0.1", port)));
        }
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Connects from another loopback address. */
    Socket connectFrom(String address) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(address), 0);
    }

    void stream(String bytes) throws IOException {
        try (Socket socket = connect();
                OutputStream out = socket.getOutputStream()) {
            out.write(bytes.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The stored messages, oldest first, without receive time and sender. */
    List<String> messages() throws IOException {
        return lines().stream()
                .map(line -> line.replaceFirst("^\\S+ \\[\\S+] ", ""))
                .toList();
    }

    List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String suffix : List.of(".3", ".2", ".1", "")) {
            Path file = path.resolveSibling(path.getFileName() + suffix);
            if (Files.exists(file)) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    @Override
    public void close() throws Exception {
        context.stop();
        receiver.close();
    }

    /** A port that is free for TCP and UDP at this moment. */
    static int freePort() throws IOException {
        try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress())) {
            return udp.getLocalPort();
        }
    }
}
