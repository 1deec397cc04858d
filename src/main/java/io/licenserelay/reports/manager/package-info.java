/**
 * Asks a site's SD-WAN Manager to sync, and gives it the acknowledgements that came by the inbox. The request is written down before
 * it leaves, its outcome after.
 */
@NullMarked
package io.licenserelay.reports.manager;

import org.jspecify.annotations.NullMarked;
