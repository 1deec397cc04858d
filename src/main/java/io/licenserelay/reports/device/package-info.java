/**
 * IOS-XE devices by their own {@code /smartlic-service}: asks for usage reports, and gives acknowledgements back. A device is
 * written to only where the configuration says so. A password that a device refused is not sent again.
 */
@NullMarked
package io.licenserelay.reports.device;

import org.jspecify.annotations.NullMarked;
