/**
 * The domain of usage reports (RUM): the report, its state, its device, its submission and its acknowledgement.
 * Payloads are never rewritten, because their signature covers every byte. The packages below are the steps of a
 * report: intake, ledger, submission, acknowledgement. SSM's wire format of a submission is not part of this package;
 * package {@code ssm} has it.
 */
@NullMarked
package io.licenserelay.reports;

import org.jspecify.annotations.NullMarked;
