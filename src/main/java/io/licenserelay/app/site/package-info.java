/**
 * What the relay has for each site, and how a running relay takes sites that were added, changed or removed. {@code SiteParts} builds
 * and discards the parts of one site, {@code RunningRoutes} adds and removes its routes, and {@code SiteChanger} does both between two
 * runs of the site. A change that fails leaves the site as it was before, or without routes if that
 * cannot be restored.
 */
@NullMarked
package io.licenserelay.app.site;

import org.jspecify.annotations.NullMarked;
