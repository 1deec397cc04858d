/** The JSON API of the server, {@code /api/v1}: reads, and requests for work. */
@NullMarked
package io.licenserelay.web.api;

import org.jspecify.annotations.NullMarked;
