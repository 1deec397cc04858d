/** What was seen when something failed: the failed exchange, log excerpts, probe results, and the findings read off them. */
@NullMarked
package io.licenserelay.evidence;

import org.jspecify.annotations.NullMarked;
