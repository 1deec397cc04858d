package io.licenserelay.observe.server;

import io.licenserelay.config.site.ManagementAddress;
import java.io.IOException;

/** The management server cannot listen on its address. The message names the key and the fix. */
public final class ManagementPortUnavailable extends IOException {
    private static final long serialVersionUID = 1L;

    ManagementPortUnavailable(ManagementAddress address, Throwable why) {
        super(
                "relay.management.address: cannot listen on " + address + " (" + why.getMessage() + "); "
                        + fix(address, String.valueOf(why.getMessage())),
                why);
    }

    private static String fix(ManagementAddress address, String why) {
        if (why.contains("in use")) {
            return "stop the process that listens there (ss -lntp | grep :" + address.port() + "), or set another port";
        }
        return why.contains("ermission")
                ? "ports below 1024 need a privilege: set a higher port"
                : "set a host name or an IP address of this machine";
    }
}
