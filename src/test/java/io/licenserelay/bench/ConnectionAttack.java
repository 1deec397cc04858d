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

/** A local user without the token who opens connections to the relay's local API: idle ones, and ones that send half a request. */
final class ConnectionAttack implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile(":(\\d{2,5})\\b");
    private static final int MOST_HELD = 200;
    private static final int A_ROUND = 8;
    private static final int CONNECT_MILLIS = 2_000;

    private final Path api;
    private final Deque<Socket> held = new ArrayDeque<>();
    private int opened;

    /** @param data the relay's data folder */
    ConnectionAttack(Path data) {
        this.api = data.resolve("relay.api");
    }

    /** Opens some more; nothing while the relay has no API. */
    void once() throws IOException {
        Matcher port = PORT.matcher(text());
        if (!port.find()) {
            return;
        }
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1)));
        for (int socket = 0; socket < A_ROUND; socket++) {
            Socket connection = new Socket();
            held.add(connection);
            connection.connect(address, CONNECT_MILLIS);
            if (socket % 2 == 0) {
                connection
                        .getOutputStream()
                        .write("POST /sync HTTP/1.1\r\nHost: relay\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            opened++;
        }
        while (held.size() > MOST_HELD) {
            held.remove().close();
        }
    }

    private String text() throws IOException {
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
        for (Socket each : held) {
            each.close();
        }
    }
}
