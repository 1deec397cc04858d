package io.licenserelay.reports;

import io.licenserelay.text.WireNamed;

/** Why a report is held. Each is looked at anew by every push. */
public enum HoldReason implements WireNamed {
    /** The site's {@code reports.push} is off. */
    PUSH_OFF,
    /** Nobody knows of which virtual account its device is. */
    NO_PLACE,
    /** SSM lists no such virtual account, so its numbers are not known. */
    NO_IDS,
    /** The server has no such path for reports. */
    NO_PATH
}
