/**
 * The stored inventory of SSM: answers are staged page by page, compared with the stored inventory, and applied in one
 * transaction.
 */
@NullMarked
package io.licenserelay.inventory;

import org.jspecify.annotations.NullMarked;
