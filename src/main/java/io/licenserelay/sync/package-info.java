/**
 * The main steps of a run: {@code InventoryPull} stores SSM's answers, {@code FailureInvestigation} diagnoses failed
 * steps. {@code SyncCommands} reads the commands topic.
 */
@NullMarked
package io.licenserelay.sync;

import org.jspecify.annotations.NullMarked;
