package io.licenserelay.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A link that delays every byte by half of the round trip in each direction, without a limit of the bytes in transit.
 * The TLS handshake takes its round trips too. The round trip of the TCP handshake is simulated by a delay before the
 * first byte.
 */
final class SlowLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlowLink.class);

    private final ServerSocket listener;
    private final int target;
    private final Duration roundTrip;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "slow-link");
        thread.setDaemon(true);
        return thread;
    });

    private SlowLink(ServerSocket listener, int target, Duration roundTrip) {
        this.listener = listener;
        this.target = target;
        this.roundTrip = roundTrip;
    }

    static SlowLink to(int target, Duration roundTrip) throws IOException {
        ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        SlowLink link = new SlowLink(listener, target, roundTrip);
        link.threads.execute(link::accept);
        return link;
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                // The kernel performs the three-way handshake without delay, so the link adds its round trip before the
                // first byte.
                forward(client, server, roundTrip);
                forward(server, client, Duration.ZERO);
            } catch (IOException e) {
                LOG.debug("cannot accept a connection", e);
            }
        }
    }

    private void forward(Socket from, Socket to, Duration initialDelay) {
        DelayQueue<Packet> inTransit = new DelayQueue<>();
        long readyAt = System.nanoTime() + initialDelay.toNanos();
        threads.execute(() -> receive(from, inTransit, readyAt));
        threads.execute(() -> deliver(to, inTransit));
    }

    private void receive(Socket from, DelayQueue<Packet> inTransit, long readyAt) {
        byte[] buffer = new byte[64 * 1024];
        try (from) {
            InputStream in = from.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                inTransit.add(packet(Arrays.copyOf(buffer, read), readyAt));
            }
        } catch (IOException e) {
            LOG.debug("the sender disconnected", e);
        } finally {
            inTransit.add(packet(new byte[0], readyAt));
        }
    }

    private Packet packet(byte[] bytes, long readyAt) {
        return new Packet(bytes, Math.max(System.nanoTime(), readyAt) + roundTrip.toNanos() / 2);
    }

    private static void deliver(Socket to, DelayQueue<Packet> inTransit) {
        try {
            OutputStream out = to.getOutputStream();
            for (Packet packet = inTransit.take(); packet.bytes.length > 0; packet = inTransit.take()) {
                out.write(packet.bytes);
                out.flush();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            LOG.debug("the receiver disconnected", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Packet(byte[] bytes, long dueAt) implements Delayed {

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueAt - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
