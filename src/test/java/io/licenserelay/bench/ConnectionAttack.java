package io.licenserelay.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An attack by a local user without the token, who opens connections to the relay's server. Some are idle, the
 * others send half a request.
 */
final class ConnectionAttack implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile(":(\\d{2,5})\\b");
    private static final int MAX_OPEN = 200;
    private static final int CONNECTIONS_PER_ATTACK = 8;
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;

    private final Path api;
    private final Deque<Socket> connections = new ArrayDeque<>();
    private int opened;

    /** @param data the relay's data folder */
    ConnectionAttack(Path data) {
        this.api = data.resolve("relay.api");
    }

    /** Opens further connections. Does nothing while the relay has no API. */
    void attack() throws IOException {
        Matcher port = PORT.matcher(apiFile());
        if (!port.find()) {
            return;
        }
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1)));
        for (int socket = 0; socket < CONNECTIONS_PER_ATTACK; socket++) {
            Socket connection = new Socket();
            connections.add(connection);
            connection.connect(address, CONNECT_TIMEOUT_MILLIS);
            if (socket % 2 == 0) {
                connection
                        .getOutputStream()
                        .write("POST /sync HTTP/1.1\r\nHost: relay\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            opened++;
        }
        while (connections.size() > MAX_OPEN) {
            connections.remove().close();
        }
    }

    private String apiFile() throws IOException {
        try {
            return Files.readString(api, StandardCharsets.UTF_8);
        } catch (NoSuchFileException notYet) {
            return "";
        }
    }

    int opened() {
        return opened;
    }

    @Override
    public void close() throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
