/**
 * IOS-XE devices by their own {@code /smartlic-service}: asking them for their usage reports, and giving them their acknowledgements
 * back. What becomes of a report is not known here. A device is written to only where the configuration says so.
 */
@NullMarked
package io.licenserelay.device;

import org.jspecify.annotations.NullMarked;
