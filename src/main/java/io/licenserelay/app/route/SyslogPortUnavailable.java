package io.licenserelay.app.route;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Syslog;
import java.io.IOException;
import java.net.SocketException;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.util.ObjectHelper;

/** A log cannot be received where {@code relay.yaml} says; the message names the key and the fix. */
public final class SyslogPortUnavailable extends IOException {
    private static final long serialVersionUID = 1L;

    private SyslogPortUnavailable(Site site, Site.LogFile log, String protocol, SocketException why) {
        super(text(site, log, protocol, why), why);
    }

    /** When what was thrown says that a socket could not be opened. */
    static Optional<SyslogPortUnavailable> of(Site site, Site.LogFile log, String protocol, Throwable thrown) {
        return Optional.ofNullable(ObjectHelper.getException(SocketException.class, thrown))
                .map(refused -> new SyslogPortUnavailable(site, log, protocol, refused));
    }

    private static String text(Site site, Site.LogFile log, String protocol, SocketException why) {
        Syslog syslog = Objects.requireNonNull(log.syslog());
        return "log " + log.name() + " in logs of site " + site.name() + " cannot be received: no socket on \"bind\" "
                + syslog.bind() + ", \"port\" " + syslog.port() + "/" + protocol + " (" + why.getMessage() + "); "
                + fix(syslog.port(), String.valueOf(why.getMessage()));
    }

    /** What mends it. */
    public static String fix(int port, String why) {
        if (why.contains("in use")) {
            return "stop what listens there (ss -lntup | grep :" + port + "), or choose another port in relay.yaml";
        }
        return why.contains("ermission")
                ? "ports below 1024 need a privilege: choose one above in relay.yaml, and have the sender use it"
                : "choose an address of this machine for bind in relay.yaml, or leave bind out";
    }
}
