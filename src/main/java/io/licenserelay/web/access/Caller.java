package io.licenserelay.web.access;

/**
 * Who sent a request.
 *
 * @param name the name of the user, for people
 * @param role what the user may do
 * @param proof how the server knows the user
 */
public record Caller(String name, Role role, Proof proof) {

    /** How a user proved who they are. */
    public enum Proof {
        /** The token of the data folder: a command of the owner. */
        TOKEN,

        /** A cookie of a browser that logged in. */
        SESSION,

        /** Name and password in the request. */
        PASSWORD,

        /** A client certificate. */
        CERTIFICATE,

        /** A proxy that is configured. */
        PROXY;

        /** Whether a browser sends it without its user's will, so that other pages could use it. */
        public boolean isSentByBrowsers() {
            return this != TOKEN;
        }
    }
}
