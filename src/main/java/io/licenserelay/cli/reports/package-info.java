/**
 * The commands of the ledger: {@code reports list}, {@code show}, {@code import}, {@code resend}, {@code proof} and others.
 */
@NullMarked
package io.licenserelay.cli.reports;

import org.jspecify.annotations.NullMarked;
