package io.licenserelay.ssm.token;

import io.licenserelay.config.site.Site;
import io.licenserelay.text.WireNamed;

/** Observes the token requests to SSM. Its methods return at once, throw nothing, and are thread-safe. */
public interface TokenListener {
    /** Observes nothing. */
    TokenListener NONE = new TokenListener() {
        @Override
        public void requested(Site site, Answer answer) {}

        @Override
        public void withheld(Site site) {}
    };

    /** How a token request ended. */
    enum Answer implements WireNamed {
        /** The server granted a token. */
        GRANTED,
        /** The server refused the grant. */
        REFUSED,
        /** The server answered with neither a token nor a refusal: an overload, a web page. */
        UNUSABLE,
        /** No answer was received. */
        UNANSWERED
    }

    /** A token request has ended. One request may be two HTTP requests, because servers have one of two paths. */
    void requested(Site site, Answer answer);

    /** A token was wanted, and no password was sent, because it was refused before or its last attempt has no known answer. */
    void withheld(Site site);
}
