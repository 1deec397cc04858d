package io.licenserelay.config.site;

import io.licenserelay.text.WireNamed;

/** The resources of SSM's API that the relay uses. {@code ssm.paths} may override the path of each. */
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
