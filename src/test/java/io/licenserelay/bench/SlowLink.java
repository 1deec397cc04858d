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
 * A link of which every byte takes half the round trip, in each direction, however many are under way. Connecting and the
 * TLS handshake take their round trips too, but for TCP's own, which is waited for once before the first byte.
 */
final class SlowLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlowLink.class);

    private final ServerSocket door;
    private final int target;
    private final Duration roundTrip;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "slow-link");
        thread.setDaemon(true);
        return thread;
    });

    private SlowLink(ServerSocket door, int target, Duration roundTrip) {
        this.door = door;
        this.target = target;
        this.roundTrip = roundTrip;
    }

    static SlowLink to(int target, Duration roundTrip) throws IOException {
        ServerSocket door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        SlowLink link = new SlowLink(door, target, roundTrip);
        link.threads.execute(link::accept);
        return link;
    }

    int port() {
        return door.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        door.close();
        threads.shutdownNow();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                // The three-way handshake is the kernel's: its round trip comes before the first byte instead.
                carry(client, server, roundTrip);
                carry(server, client, Duration.ZERO);
            } catch (IOException e) {
                LOG.debug("the link takes no connection", e);
            }
        }
    }

    private void carry(Socket from, Socket to, Duration first) {
        DelayQueue<Packet> underWay = new DelayQueue<>();
        long opened = System.nanoTime() + first.toNanos();
        threads.execute(() -> send(from, underWay, opened));
        threads.execute(() -> deliver(to, underWay));
    }

    private void send(Socket from, DelayQueue<Packet> underWay, long opened) {
        byte[] buffer = new byte[64 * 1024];
        try (from) {
            InputStream in = from.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                underWay.add(packet(Arrays.copyOf(buffer, read), opened));
            }
        } catch (IOException e) {
            LOG.debug("one side left", e);
        } finally {
            underWay.add(packet(new byte[0], opened));
        }
    }

    private Packet packet(byte[] bytes, long opened) {
        return new Packet(bytes, Math.max(System.nanoTime(), opened) + roundTrip.toNanos() / 2);
    }

    private static void deliver(Socket to, DelayQueue<Packet> underWay) {
        try {
            OutputStream out = to.getOutputStream();
            for (Packet packet = underWay.take(); packet.bytes.length > 0; packet = underWay.take()) {
                out.write(packet.bytes);
                out.flush();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            LOG.debug("the other side left", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Packet(byte[] bytes, long at) implements Delayed {

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
