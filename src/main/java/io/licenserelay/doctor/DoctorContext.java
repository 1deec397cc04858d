package io.licenserelay.doctor;

import io.licenserelay.diagnosis.Rules;
import io.licenserelay.redact.Redactor;
import io.licenserelay.ssm.SsmServers;
import io.licenserelay.ssm.token.RejectedCredentials;
import io.licenserelay.store.Database;
import java.time.Clock;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Shared by the checks of all sites.
 *
 * @param servers the SSM of each site that is checked
 * @param evidence done when the evidence routes have started
 * @param state the relay's database, opened for reading; null if there is none
 * @param running whether a relay uses the data folder
 * @param refusals the refused passwords, shared with the relay
 * @param tryPasswords whether to send also a password that was refused before, once
 */
record DoctorContext(
        SsmServers servers,
        Future<SiteEvidence> evidence,
        @Nullable Database state,
        boolean running,
        RejectedCredentials refusals,
        boolean tryPasswords,
        Rules rules,
        Redactor redactor,
        Clock clock) {}
