/** Places and flows that are not well: their life from trigger to resolve, and the events that tell of it. */
@NullMarked
package io.licenserelay.incident;

import org.jspecify.annotations.NullMarked;
