package io.licenserelay.site;

import java.util.Locale;

/** The classes of licenses that a policy tells apart, as {@code show license status} of IOS-XE lists them. */
public enum LicenseClass {
    /** Neither enforced nor export-controlled, bought for good. */
    PERPETUAL,
    /** Neither enforced nor export-controlled, bought for a time. */
    SUBSCRIPTION,
    ENFORCED,
    EXPORT;

    /** As it stands in configuration: {@code subscription}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
