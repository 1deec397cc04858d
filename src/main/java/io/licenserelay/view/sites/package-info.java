/** Sites, and the overview of all sites, read-only. */
@NullMarked
package io.licenserelay.view.sites;

import org.jspecify.annotations.NullMarked;
