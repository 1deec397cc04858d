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

/** The addresses of a name as this machine resolves it: with hosts file, name service and cache. */
public final class ResolvedAddresses {
    private final String host;
    private final FutureTask<InetAddress[]> lookup;
    private volatile double millis;

    private ResolvedAddresses(String host) {
        this.host = host;
        this.lookup = new FutureTask<>(this::resolve);
    }

    /**
     * Starts the same lookup as every other connection of the relay. The JDK's lookup cannot be interrupted and has no timeout, and waits
     * long for unresponsive name servers. It therefore runs on a thread that may outlive its callers.
     */
    public static ResolvedAddresses lookUp(String host) {
        ResolvedAddresses addresses = new ResolvedAddresses(host);
        Thread thread = new Thread(addresses.lookup, "lookup " + host);
        thread.setDaemon(true);
        thread.start();
        return addresses;
    }

    /**
     * Waits for the addresses.
     *
     * @throws UnknownHostException when there is none, or none before the deadline
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

    /** Duration of the lookup in milliseconds, 0 while it is running. */
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

    /** Whether the host is an IP address; IPv6 may be in brackets. */
    public static boolean literal(String host) {
        return Address.toByteArray(host, Address.IPv4) != null || Address.toByteArray(bare(host), Address.IPv6) != null;
    }

    /** The host without the brackets of an IPv6 address in a URL. */
    static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
