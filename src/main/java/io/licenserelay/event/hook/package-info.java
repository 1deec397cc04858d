/**
 * The hooks: named {@code direct:} endpoints at which a route of the operator may begin. A hook without a route costs nothing. Each call
 * has a time limit and a thread of the hook's own, so a route that hangs delays only its own result. What a route returns is read as a
 * bounded part, and what it throws ends here: neither a run nor the publisher sees it.
 */
@NullMarked
package io.licenserelay.event.hook;

import org.jspecify.annotations.NullMarked;
