package io.licenserelay.evidence.probes;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.tls.Trust;
import io.licenserelay.evidence.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;

/**
 * One GET without credentials, like that of the HTTP probe, with a local port that is known before sending. With a proxy, the connection to
 * the proxy has this port.
 */
public final class OneRequest implements AutoCloseable {
    private final ConnectionPath path;
    private final Site site;
    private final InetAddress address;
    private final Socket socket;

    private OneRequest(ConnectionPath path, Site site, InetAddress address, Socket socket) {
        this.path = path;
        this.site = site;
        this.address = address;
        this.socket = socket;
    }

    /** @throws IOException when the name has no address, or no local port is free */
    public static OneRequest to(Site site, Deadline deadline) throws IOException {
        ConnectionPath path = ConnectionPath.configured(site);
        InetAddress address =
                ResolvedAddresses.lookUp(path.host()).await(deadline).get(0);
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(0));
        return new OneRequest(path, site, address, socket);
    }

    /** The first address of the name; the request goes to this address. */
    public InetAddress address() {
        return address;
    }

    public int port() {
        return path.port();
    }

    public int localPort() {
        return socket.getLocalPort();
    }

    /**
     * Sends the request and waits for the answer. The capture shows the result.
     *
     * @throws IOException when a PEM file of the site's trust cannot be used
     */
    public void send(Deadline deadline) throws IOException {
        new HttpAttempt(path, Clock.systemUTC(), deadline, () -> socket)
                .run(Trust.of(site.ssm().trust()).context());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
