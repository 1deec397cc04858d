/**
 * The main steps of a run: {@code InventoryPull} stores SSM's answers, {@code FailureInvestigation} diagnoses failed
 * steps. {@code SyncCommands} reads the commands topic. {@code PendingRequests} and {@code AwaitedRequests} run what was requested.
 */
@NullMarked
package io.licenserelay.sync;

import org.jspecify.annotations.NullMarked;
