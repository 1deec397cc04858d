/** One sync of one site: its request, its counts, its outcome for each account, and the event that completes it. */
@NullMarked
package io.licenserelay.sync.run;

import org.jspecify.annotations.NullMarked;
