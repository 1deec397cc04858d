package io.licenserelay.evidence.capture;

import io.licenserelay.fixture.PcapWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** The bytes of two real TLS engines during a handshake, one request and its answer, up to the first rejection. */
final class TlsExchange {
    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer ofClient = ByteBuffer.allocate(131_072);
    private final ByteBuffer ofServer = ByteBuffer.allocate(131_072);
    private final List<Flight> flights = new ArrayList<>();

    /** The bytes that one side sends at once. */
    record Flight(boolean byClient, byte[] bytes) {}

    private TlsExchange(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
    }

    static List<Flight> between(SSLContext trusting, SSLContext identity, String version) throws SSLException {
        SSLEngine client = trusting.createSSLEngine("ssm.example.net", 8443);
        client.setUseClientMode(true);
        client.setEnabledProtocols(new String[] {version});
        SSLEngine server = identity.createSSLEngine();
        server.setUseClientMode(false);
        TlsExchange exchange = new TlsExchange(client, server);
        exchange.run();
        return exchange.flights;
    }

    static PcapWriter into(PcapWriter pcap, List<Flight> flights) throws Exception {
        pcap.opened(20);
        for (Flight flight : flights) {
            for (int at = 0; at < flight.bytes().length; at += 1380) {
                byte[] part = Arrays.copyOfRange(flight.bytes(), at, Math.min(flight.bytes().length, at + 1380));
                pcap = flight.byClient() ? pcap.client(PcapWriter.ACK, part) : pcap.server(PcapWriter.ACK, part);
            }
        }
        return pcap;
    }

    private void run() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        boolean requestSent = false;
        boolean answerSent = false;
        for (int i = 0; i < 40; i++) {
            boolean sendRequest = !requestSent && done(client);
            boolean ok = send(client, server, true, sendRequest ? "POST /oauth/token HTTP/1.1" : "");
            requestSent |= sendRequest;
            boolean sendAnswer = requestSent && !answerSent && done(server);
            if (!ok || !send(server, client, false, sendAnswer ? "HTTP/1.1 401 Unauthorized" : "")) {
                return;
            }
            answerSent |= sendAnswer;
        }
    }

    private static boolean done(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && !engine.getSession().getProtocol().equals("NONE");
    }

    /** @return false after one engine has rejected the data of the other and sent an alert */
    private boolean send(SSLEngine from, SSLEngine to, boolean byClient, String message) throws SSLException {
        ByteBuffer wire = ByteBuffer.allocate(65_536);
        ByteBuffer text = ByteBuffer.wrap(message.getBytes(StandardCharsets.US_ASCII));
        boolean ok = true;
        try {
            receive(from);
            tasks(from);
            while (from.getHandshakeStatus() == HandshakeStatus.NEED_WRAP || text.hasRemaining()) {
                from.wrap(text, wire);
                tasks(from);
                receive(from);
            }
        } catch (SSLException refused) {
            // The next output of the engine is the alert.
            from.wrap(ByteBuffer.allocate(0), wire);
            ok = false;
        }
        byte[] bytes = Arrays.copyOf(wire.array(), wire.position());
        if (bytes.length > 0) {
            flights.add(new Flight(byClient, bytes));
            (to == client ? ofClient : ofServer).put(bytes);
        }
        return ok;
    }

    /** Stops if the engine has to send first. The remaining bytes stay for the next call. */
    private void receive(SSLEngine engine) throws SSLException {
        ByteBuffer inbox = engine == client ? ofClient : ofServer;
        inbox.flip();
        for (boolean progress = true; progress && inbox.hasRemaining(); ) {
            progress = engine.unwrap(inbox, ByteBuffer.allocate(65_536)).bytesConsumed() > 0;
            tasks(engine);
        }
        inbox.compact();
    }

    private static void tasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }
}
