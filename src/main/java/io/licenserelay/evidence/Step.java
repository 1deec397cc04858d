package io.licenserelay.evidence;

import io.licenserelay.text.WireNamed;

/** The step of a run that failed. */
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

    /** Whether the step concerns the SD-WAN Manager instead of SSM. */
    public boolean isAtManager() {
        return this == MANAGER_LOGIN || this == MANAGER_STATE || this == MANAGER_SYNC;
    }
}
