package io.licenserelay.config.web;

import io.licenserelay.text.WireNamed;

/** How requests to the configured address are encrypted. */
public enum WebTls implements WireNamed {
    /** Not at all: only for addresses of this machine. */
    NONE,

    /** By this relay, with a certificate of its own. */
    OWN,

    /** By a proxy in front of this relay. The relay itself speaks HTTP. */
    TERMINATED_BY_PROXY
}
