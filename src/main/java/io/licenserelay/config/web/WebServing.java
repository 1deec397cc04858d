package io.licenserelay.config.web;

import io.licenserelay.text.WireNamed;

/** Whether a running relay serves the API and the console. */
public enum WebServing implements WireNamed {
    /** The API and the console. */
    ON,

    /** No server. Commands beside the running relay that need it are refused. */
    OFF
}
