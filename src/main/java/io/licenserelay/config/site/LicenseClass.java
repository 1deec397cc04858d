package io.licenserelay.config.site;

import io.licenserelay.text.WireNamed;

/** The classes of licenses that a policy tells apart, as {@code show license status} of IOS-XE lists them. */
public enum LicenseClass implements WireNamed {
    /** Neither enforced nor export-controlled, bought for good. */
    PERPETUAL,
    /** Neither enforced nor export-controlled, bought for a time. */
    SUBSCRIPTION,
    ENFORCED,
    EXPORT
}
