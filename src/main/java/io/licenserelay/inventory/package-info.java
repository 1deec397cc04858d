/** SSM's inventory as last believed: staged page by page, compared, and applied in one transaction. */
@NullMarked
package io.licenserelay.inventory;

import org.jspecify.annotations.NullMarked;
