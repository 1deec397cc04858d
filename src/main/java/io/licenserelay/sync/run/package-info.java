/** One sync of one site: its request, its counts, its outcome for every account, and the event that ends it. */
@NullMarked
package io.licenserelay.sync.run;

import org.jspecify.annotations.NullMarked;
