/** Finds, checks and loads the route files, and creates the routes of each site. */
@NullMarked
package io.licenserelay.app.route;

import org.jspecify.annotations.NullMarked;
