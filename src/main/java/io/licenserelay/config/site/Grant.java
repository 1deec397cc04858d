package io.licenserelay.config.site;

import io.licenserelay.text.WireNamed;
import java.util.Locale;

/** How a token is asked for (RFC 6749). SSM's API Tool Kit registers a client for one of the two. */
public enum Grant implements WireNamed {
    /** Called Resource Owner Grant in SSM's API Tool Kit. */
    PASSWORD,
    CLIENT_CREDENTIALS;

    /** The value of {@code grant_type}, which has an underscore, and the word used in {@code relay.yaml}. */
    @Override
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
