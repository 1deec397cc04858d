/**
 * Sends reports: the submission is recorded before it is sent, its outcome after, each in one transaction. After a lost
 * answer the same submission is sent again with its nonce, and a rejected repetition is resolved by a poll for that
 * nonce.
 */
@NullMarked
package io.licenserelay.reports.submit;

import org.jspecify.annotations.NullMarked;
