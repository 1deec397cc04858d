/**
 * Requests that the owner of a site executes: table {@code run_request}, and what a requester on any machine needs. A requester
 * adds rows, waits for their outcomes and deletes the rows. {@code sync.PendingRequests} executes them. If the owner ends before
 * it has written the outcome, the next owner executes the request again.
 */
@NullMarked
package io.licenserelay.sync.request;

import org.jspecify.annotations.NullMarked;
