/** The route files: where they come from, whether they can be used, and the routes that each site adds. */
@NullMarked
package io.licenserelay.app.route;

import org.jspecify.annotations.NullMarked;
