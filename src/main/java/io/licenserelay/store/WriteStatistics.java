package io.licenserelay.store;

import java.time.Duration;

/**
 * The writes of a database since it was opened.
 *
 * @param finished writes that were committed or failed
 * @param waiting writes that have begun to wait and are not finished
 * @param took the time of all finished writes together, from the call to the commit
 */
public record WriteStatistics(long finished, long waiting, Duration took) {}
