package io.licenserelay.site;

/** How a token is asked for (RFC 6749). SSM's API Tool Kit registers a client for one of the two. */
public enum Grant {
    /** Called Resource Owner Grant in SSM's API Tool Kit. */
    PASSWORD("password"),
    CLIENT_CREDENTIALS("client_credentials");

    private final String wireName;

    Grant(String wireName) {
        this.wireName = wireName;
    }

    /** The value of {@code grant_type}, and the word used in {@code relay.yaml}. */
    public String wireName() {
        return wireName;
    }
}
