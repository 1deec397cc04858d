package io.licenserelay.web.access;

/** What a user may do. */
public enum Role {
    /** Reads everything. */
    VIEWER,

    /** Reads everything, and requests work: syncs and changes of the report ledger. */
    OPERATOR
}
