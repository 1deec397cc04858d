/** The style sheets, scripts and images of the console. */
@NullMarked
package io.licenserelay.web.assets;

import org.jspecify.annotations.NullMarked;
