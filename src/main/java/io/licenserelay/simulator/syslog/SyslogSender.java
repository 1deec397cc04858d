package io.licenserelay.simulator.syslog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Sends lines as the syslog daemon of a host does: one datagram per line, with facility local0 and severity info (RFC 3164). */
final class SyslogSender implements AutoCloseable {
    private static final String PRIORITY = "<134>";

    private final DatagramSocket socket;
    private final InetSocketAddress receiver;

    SyslogSender(InetSocketAddress receiver) throws IOException {
        this.socket = new DatagramSocket();
        this.receiver = receiver;
    }

    /** @throws UncheckedIOException if this machine cannot send; a missing receiver causes no error */
    void send(String line) {
        byte[] bytes = (PRIORITY + line).getBytes(StandardCharsets.UTF_8);
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, receiver));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send to " + receiver, e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
