/**
 * Asks a site's SD-WAN Manager to sync, and uploads acknowledgements from the inbox to it. The request is recorded
 * before it is sent, its outcome after.
 */
@NullMarked
package io.licenserelay.reports.manager;

import org.jspecify.annotations.NullMarked;
