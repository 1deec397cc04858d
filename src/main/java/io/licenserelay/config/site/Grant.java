package io.licenserelay.config.site;

import io.licenserelay.text.WireNamed;
import java.util.Locale;

/** The OAuth grant of a token request (RFC 6749). SSM's API Tool Kit registers a client for one of the two. */
public enum Grant implements WireNamed {
    /** SSM's API Tool Kit calls it Resource Owner Grant. */
    PASSWORD,
    CLIENT_CREDENTIALS;

    /** The value of {@code grant_type} with an underscore, as used in {@code relay.yaml}. */
    @Override
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
