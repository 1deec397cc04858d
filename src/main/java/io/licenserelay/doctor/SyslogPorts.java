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

/** Whether a site's logs are received, or could be, as far as it shows from outside of the relay. */
public final class SyslogPorts {
    private SyslogPorts() {}

    /**
     * One for each log of the site that is received as syslog. Ports are tried, and let go at once.
     *
     * @param running a relay holds the data folder, so that the ports are probably its own
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
        String where = syslog.bind() + ":" + syslog.port() + "/"
                + (syslog.protocol() == Syslog.Protocol.BOTH
                        ? "udp+tcp"
                        : syslog.protocol().wireName());
        try {
            tryPorts(syslog);
        } catch (IOException refused) {
            String why = String.valueOf(refused.getMessage());
            return running && why.contains("in use")
                    ? listening(name, where, log)
                    : CheckResult.bad(
                            Mark.ERROR, name, where + ": " + why, SyslogPortUnavailable.fix(syslog.port(), why));
        }
        return running
                ? CheckResult.bad(
                        Mark.WARNING,
                        name,
                        where + ": a relay runs, and nobody listens",
                        "restart it: it began with another relay.yaml")
                : CheckResult.ok(name, where + " is free: license-relay run listens there; " + last(log));
    }

    private static CheckResult listening(String name, String where, Site.LogFile log) {
        return LastReceived.of(log.path()).isPresent()
                ? CheckResult.ok(name, where + " is listened on; " + last(log))
                : CheckResult.bad(
                        Mark.WARNING,
                        name,
                        where + " is listened on; " + last(log),
                        "have SSM send its log there, let firewalls pass it, and compare from: in relay.yaml");
    }

    private static String last(Site.LogFile log) {
        return LastReceived.of(log.path())
                .map(at -> "the last message came at " + at)
                .orElse("no message has come yet");
    }

    private static void tryPorts(Syslog syslog) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(syslog.bind()), syslog.port());
        if (syslog.tcp()) {
            try (ServerSocket tcp = new ServerSocket()) {
                tcp.setReuseAddress(true);
                tcp.bind(address);
            }
        }
        if (syslog.udp()) {
            try (DatagramSocket udp = new DatagramSocket(null)) {
                udp.setReuseAddress(false);
                udp.bind(address);
            }
        }
    }
}
