package io.licenserelay.sync.request;

import io.licenserelay.text.WireNamed;

/** What a request asks the owner of a site to do. */
public enum RequestedWork implements WireNamed {
    SYNC,
    /** Read a file with usage reports into the ledger. */
    IMPORT,
    /** Send a usage report again. */
    RESEND,
    /** Read a quarantined file or record again. */
    RETRY
}
