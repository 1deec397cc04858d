package io.licenserelay.reports;

import java.util.List;

/**
 * What became of an imported file.
 *
 * @param reports in it that could be read
 * @param fresh of them not in the ledger before
 * @param complaints what was of no use, and why
 */
public record ImportResult(int reports, int fresh, List<String> complaints) {}
