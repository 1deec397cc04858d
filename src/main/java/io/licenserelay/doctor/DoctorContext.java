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
 * What the looks at all sites share.
 *
 * @param servers the SSM of each site that is checked
 * @param evidence its routes may still be starting
 * @param state what a relay kept, for reading; null when there is none
 * @param running a relay holds the data folder
 * @param refusals what was answered to passwords, shared with the relay
 * @param tryPasswords send also a password that was refused before, once
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
