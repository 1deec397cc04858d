package io.licenserelay.reports;

import java.util.List;

/**
 * The result of a file import.
 *
 * @param reports number of readable reports in the file
 * @param fresh how many of these reports were not in the ledger before
 * @param problems what could not be used, and the reason for each
 */
public record ImportResult(int reports, int fresh, List<String> problems) {}
