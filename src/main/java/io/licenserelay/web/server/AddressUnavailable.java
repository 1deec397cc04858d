package io.licenserelay.web.server;

import io.licenserelay.config.web.ListenAddress;
import java.io.IOException;

/** A server cannot listen on its address. The message names the key and the fix. */
public final class AddressUnavailable extends IOException {
    private static final long serialVersionUID = 1L;

    AddressUnavailable(String key, ListenAddress address, Throwable why) {
        super(
                key + ": cannot listen on " + address + " (" + why.getMessage() + "); "
                        + fix(address, String.valueOf(why.getMessage())),
                why);
    }

    private static String fix(ListenAddress address, String why) {
        if (why.contains("in use")) {
            return "stop the process that listens there (ss -lntp | grep :" + address.port() + "), or set another port";
        }
        return why.contains("ermission")
                ? "ports below 1024 need a privilege: set a higher port"
                : "set a host name or an IP address of this machine";
    }
}
