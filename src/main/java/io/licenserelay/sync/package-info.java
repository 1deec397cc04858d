/**
 * The two steps of a run that decide: {@code InventoryPull} stores what SSM answered, {@code FailureInvestigation} finds out why a
 * step failed. {@code SyncCommands} reads the commands topic.
 */
@NullMarked
package io.licenserelay.sync;

import org.jspecify.annotations.NullMarked;
