package io.licenserelay.config.site;

import io.licenserelay.text.WireNamed;

/** The resources of SSM's interface that the relay uses; each has a path that {@code ssm.paths} may override. */
public enum Resource implements WireNamed {
    TOKEN,
    ACCOUNTS,
    VIRTUAL_ACCOUNTS,
    LICENSES,
    SUBSCRIPTIONS,
    DEVICES,
    ALERTS,
    REPORT_USAGE,
    POLL
}
