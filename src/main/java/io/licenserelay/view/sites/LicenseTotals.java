package io.licenserelay.view.sites;

/**
 * Totals over the licenses of the virtual accounts of an account or a site, from the answers of SSM that were applied last.
 *
 * @param virtualAccounts virtual accounts whose licenses were read at least once
 * @param quantity the sum of what is entitled
 * @param inUse the sum of what is used
 * @param outOfCompliance licenses that SSM lists as out of compliance
 */
public record LicenseTotals(long virtualAccounts, long licenses, long quantity, long inUse, long outOfCompliance) {
    static final LicenseTotals NONE = new LicenseTotals(0, 0, 0, 0, 0);

    LicenseTotals plus(LicenseTotals other) {
        return new LicenseTotals(
                virtualAccounts + other.virtualAccounts,
                licenses + other.licenses,
                quantity + other.quantity,
                inUse + other.inUse,
                outOfCompliance + other.outOfCompliance);
    }
}
