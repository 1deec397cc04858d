package io.licenserelay.reports;

import io.licenserelay.text.WireNamed;

/** Why a report is held. Every push evaluates the reason again. */
public enum HoldReason implements WireNamed {
    /** The site's {@code reports.push} is off. */
    PUSH_OFF,
    /** The virtual account of the device is unknown. */
    NO_PLACE,
    /** SSM does not list the virtual account, so its numeric ids are unknown. */
    NO_IDS,
    /** The server has no endpoint for reports. */
    NO_PATH
}
