package io.licenserelay.config.site;

import io.licenserelay.text.WireNamed;

/** The license classes of a policy, as {@code show license status} of IOS-XE lists them. */
public enum LicenseClass implements WireNamed {
    /** Neither enforced nor export-controlled; perpetual license. */
    PERPETUAL,
    /** Neither enforced nor export-controlled; time-limited license. */
    SUBSCRIPTION,
    ENFORCED,
    EXPORT
}
