/**
 * The configuration as the relay uses it: sites, their servers and policies, and the settings. Values are checked when they are
 * read.
 */
@NullMarked
package io.licenserelay.config.site;

import org.jspecify.annotations.NullMarked;
