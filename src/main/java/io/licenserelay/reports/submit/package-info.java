/**
 * Sends reports: the submission is written down before it leaves, its outcome after, each in one transaction. A lost answer is
 * settled by polling the submission's own nonce before anything is sent again.
 */
@NullMarked
package io.licenserelay.reports.submit;

import org.jspecify.annotations.NullMarked;
