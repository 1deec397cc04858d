/**
 * The configuration as data: sites, their servers and policies, and the settings. All values are checked before these objects are created.
 */
@NullMarked
package io.licenserelay.config.site;

import org.jspecify.annotations.NullMarked;
