package io.licenserelay.app.route;

import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Site.Syslog;
import java.io.IOException;
import java.net.SocketException;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.util.ObjectHelper;

/** A configured syslog port cannot be opened. The message names the key and the fix. */
public final class SyslogPortUnavailable extends IOException {
    private static final long serialVersionUID = 1L;

    private SyslogPortUnavailable(Site site, Site.LogFile log, String protocol, SocketException why) {
        super(text(site, log, protocol, why), why);
    }

    /** Converts an exception that was caused by a socket that could not be opened. Empty for any other exception. */
    static Optional<SyslogPortUnavailable> of(Site site, Site.LogFile log, String protocol, Throwable thrown) {
        return Optional.ofNullable(ObjectHelper.getException(SocketException.class, thrown))
                .map(refused -> new SyslogPortUnavailable(site, log, protocol, refused));
    }

    private static String text(Site site, Site.LogFile log, String protocol, SocketException why) {
        Syslog syslog = Objects.requireNonNull(log.syslog());
        return "log " + log.name() + " in logs of site " + site.name()
                + " cannot be received: cannot open a socket on \"bind\" "
                + syslog.bind() + ", \"port\" " + syslog.port() + "/" + protocol + " (" + why.getMessage() + "); "
                + fix(syslog.port(), String.valueOf(why.getMessage()));
    }

    /** The fix for a reason. */
    public static String fix(int port, String why) {
        if (why.contains("in use")) {
            return "stop the process that listens there (ss -lntup | grep :" + port
                    + "), or set another port in the configuration";
        }
        return why.contains("ermission")
                ? "ports below 1024 need a privilege: set a higher port in the configuration and at the sender"
                : "set bind in the configuration to an address of this machine, or remove bind";
    }
}
