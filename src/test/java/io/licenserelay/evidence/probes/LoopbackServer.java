package io.licenserelay.evidence.probes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import javax.net.ssl.SSLServerSocket;

/** Accepts connections on a loopback port. A test defines how each one is served, on a separate thread. */
public final class LoopbackServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Conversation conversation;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final Queue<String> heads = new ConcurrentLinkedQueue<>();

    /** Serves one connection, which is closed afterwards. */
    public interface Conversation {
        void with(Socket socket, LoopbackServer server) throws IOException;
    }

    private LoopbackServer(ServerSocket socket, Conversation conversation) {
        this.socket = socket;
        this.conversation = conversation;
        start("accept", this::accept);
    }

    public static LoopbackServer plain(Conversation conversation) throws IOException {
        return new LoopbackServer(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()), conversation);
    }

    public static LoopbackServer tls(TestCa.Server identity, Conversation conversation) throws Exception {
        return tls(identity, each -> {}, conversation);
    }

    public static LoopbackServer tls(
            TestCa.Server identity, Consumer<SSLServerSocket> configuration, Conversation conversation)
            throws Exception {
        SSLServerSocket socket = (SSLServerSocket)
                identity.context().getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        configuration.accept(socket);
        return new LoopbackServer(socket, conversation);
    }

    /** Reads the head of one request, then sends these bytes. */
    static Conversation answering(String answer) {
        return (socket, server) -> {
            server.readHead(socket);
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        };
    }

    /** Reads everything and sends nothing until the other side closes. */
    public static Conversation unresponsive() {
        return (socket, server) -> socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** The request heads that were read. */
    public Queue<String> heads() {
        return heads;
    }

    /** Reads up to the empty line. */
    public String readHead(Socket from) throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = from.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        heads.add(head.toString());
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket each : open) {
            each.close();
        }
    }

    /** A task that uses sockets. */
    public interface Task {
        void run() throws IOException;
    }

    /** Starts a task on a daemon thread. It ends when either side breaks the connection, as many tests require. */
    public static void start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException broken) {
                        Thread.currentThread().setName("broken: " + broken.getMessage());
                    }
                },
                "loopback " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (!socket.isClosed()) {
            Socket accepted = socket.accept();
            open.add(accepted);
            start("connection", () -> serve(accepted));
        }
    }

    private void serve(Socket accepted) throws IOException {
        try (accepted) {
            conversation.with(accepted, this);
        }
    }
}
