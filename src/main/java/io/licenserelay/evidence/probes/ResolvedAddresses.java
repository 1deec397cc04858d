package io.licenserelay.evidence.probes;

import io.licenserelay.evidence.Deadline;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.Address;

/** The addresses of a name as this machine sees them: hosts file, name service, cache and all. */
public final class ResolvedAddresses {
    private final String host;
    private final FutureTask<InetAddress[]> lookup;
    private volatile double millis;

    private ResolvedAddresses(String host) {
        this.host = host;
        this.lookup = new FutureTask<>(this::resolve);
    }

    /**
     * Starts to resolve as every other connection of the relay does. The JDK's own lookup can neither be interrupted nor
     * timed out, and waits long for dead name servers; so it runs on a thread that may outlive everybody's patience.
     */
    public static ResolvedAddresses lookUp(String host) {
        ResolvedAddresses addresses = new ResolvedAddresses(host);
        Thread thread = new Thread(addresses.lookup, "lookup " + host);
        thread.setDaemon(true);
        thread.start();
        return addresses;
    }

    /**
     * Waits for them.
     *
     * @throws UnknownHostException when there is none, or none in time
     */
    public List<InetAddress> await(Deadline deadline) throws UnknownHostException, InterruptedIOException {
        try {
            return List.of(lookup.get(deadline.leftMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException failed) {
            UnknownHostException unknown = new UnknownHostException(host);
            unknown.initCause(failed);
            throw unknown;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while resolving " + host);
        }
    }

    /** How long the lookup took, 0 while it lasts. */
    public double millis() {
        return millis;
    }

    private InetAddress[] resolve() throws UnknownHostException {
        Stopwatch watch = Stopwatch.start();
        try {
            return InetAddress.getAllByName(host);
        } finally {
            millis = watch.millis();
        }
    }

    /** Whether the host is an address already; an IPv6 address may stand in brackets. */
    public static boolean literal(String host) {
        return Address.toByteArray(host, Address.IPv4) != null || Address.toByteArray(bare(host), Address.IPv6) != null;
    }

    /** Without the brackets that a URL puts around an IPv6 address. */
    static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
