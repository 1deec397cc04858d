/** Usage reports of the ledger, read-only. */
@NullMarked
package io.licenserelay.view.reports;

import org.jspecify.annotations.NullMarked;
