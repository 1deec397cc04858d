/** Licenses of the inventory and their history, read-only. */
@NullMarked
package io.licenserelay.view.licenses;

import org.jspecify.annotations.NullMarked;
