package io.licenserelay.actions;

/** What an operator can request from the relays: syncs, and changes of the ledger of usage reports. */
public interface RelayActions extends Syncs, ReportActions {}
