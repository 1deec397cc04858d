package io.licenserelay.doctor;

import io.licenserelay.app.CheckResult;
import io.licenserelay.app.CheckResult.Mark;
import io.licenserelay.app.route.SyslogPortUnavailable;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Syslog;
import io.licenserelay.evidence.syslog.LastReceived;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Checks from outside the relay whether a site's syslog messages are received, or can be received. */
public final class SyslogPorts {
    private SyslogPorts() {}

    /**
     * Returns one check per syslog source of the site. It opens each port for a moment and closes it at once.
     *
     * @param running whether a relay uses the data folder; it then probably owns the ports
     */
    public static List<CheckResult> of(Site site, boolean running) {
        List<CheckResult> checks = new ArrayList<>();
        for (Site.LogFile log : site.logs()) {
            if (log.syslog() != null) {
                checks.add(check(log, log.syslog(), running));
            }
        }
        return checks;
    }

    private static CheckResult check(Site.LogFile log, Syslog syslog, boolean running) {
        String name = "syslog " + log.name();
        String address = syslog.bind() + ":" + syslog.port() + "/"
                + (syslog.protocol() == Syslog.Protocol.BOTH
                        ? "udp+tcp"
                        : syslog.protocol().wireName());
        try {
            tryPorts(syslog);
        } catch (IOException refused) {
            String reason = String.valueOf(refused.getMessage());
            return running && reason.contains("in use")
                    ? listening(name, address, log)
                    : CheckResult.bad(
                            Mark.ERROR,
                            name,
                            address + ": " + reason,
                            SyslogPortUnavailable.fix(syslog.port(), reason));
        }
        return running
                ? CheckResult.bad(
                        Mark.WARNING,
                        name,
                        address + ": a relay is running, but no process listens",
                        "restart the relay: it was started with another configuration")
                : CheckResult.ok(name, address + " is free: license-relay run listens there; " + last(log));
    }

    private static CheckResult listening(String name, String address, Site.LogFile log) {
        return LastReceived.of(log.path()).isPresent()
                ? CheckResult.ok(name, address + ": the relay listens; " + last(log))
                : CheckResult.bad(
                        Mark.WARNING,
                        name,
                        address + ": the relay listens; " + last(log),
                        "configure SSM to send its log there, open the firewalls, and check from: of the log in the configuration");
    }

    private static String last(Site.LogFile log) {
        return LastReceived.of(log.path())
                .map(at -> "the last message arrived at " + at)
                .orElse("no message has arrived yet");
    }

    private static void tryPorts(Syslog syslog) throws IOException {
        InetSocketAddress socketAddress = new InetSocketAddress(InetAddress.getByName(syslog.bind()), syslog.port());
        if (syslog.tcp()) {
            try (ServerSocket tcp = new ServerSocket()) {
                tcp.setReuseAddress(true);
                tcp.bind(socketAddress);
            }
        }
        if (syslog.udp()) {
            try (DatagramSocket udp = new DatagramSocket(null)) {
                udp.setReuseAddress(false);
                udp.bind(socketAddress);
            }
        }
    }
}
