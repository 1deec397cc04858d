/**
 * The REST interface {@code /smartlic-service} of IOS-XE devices: requests usage reports, and delivers
 * acknowledgements. A device is written to only if the configuration enables it. A password that a device refused is
 * not sent again.
 */
@NullMarked
package io.licenserelay.reports.device;

import org.jspecify.annotations.NullMarked;
