package io.licenserelay.web.server;

import io.licenserelay.config.web.ListenAddress;

/** The server cannot listen on its configured address. The message says why and names the setting. */
public final class AddressInUse extends Exception {
    private static final long serialVersionUID = 1L;

    AddressInUse(ListenAddress address, Exception why) {
        super(
                "The server of API and console cannot listen on " + address + " (" + why.getMessage()
                        + "): stop the program that uses the port, or change relay.web.address.",
                why);
    }
}
