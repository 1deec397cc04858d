package io.licenserelay.evidence;

import io.licenserelay.text.WireNamed;

/** What a run was doing. */
public enum Step implements WireNamed {
    TOKEN,
    ACCOUNTS,
    VIRTUAL_ACCOUNTS,
    LICENSES,
    SUBSCRIPTIONS,
    DEVICES,
    ALERTS,
    APPLY,
    COMPLIANCE,
    INBOX,
    REPORT_USAGE,
    POLL,
    MANAGER_LOGIN,
    MANAGER_STATE,
    MANAGER_SYNC,
    PUBLISH;

    /** Whether it was at the SD-WAN Manager, and not at SSM. */
    public boolean isAtManager() {
        return this == MANAGER_LOGIN || this == MANAGER_STATE || this == MANAGER_SYNC;
    }
}
