package io.licenserelay.ssm;

import io.licenserelay.config.site.Place;
import io.licenserelay.http.AnswerMemory;
import io.licenserelay.http.HttpAnswer;
import io.licenserelay.http.failure.CallFailed;
import io.licenserelay.inventory.StagingArea;
import io.licenserelay.inventory.model.Account;
import io.licenserelay.inventory.model.SsmAlert;
import io.licenserelay.inventory.model.VirtualAccount;
import io.licenserelay.ssm.json.ApiFingerprint;
import io.licenserelay.ssm.json.JsonArrayStream;
import io.licenserelay.ssm.json.Paging;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Reads the lists of a pull. Lists that grow with the estate are written directly to the staging area. The other lists are held in memory
 * until the run ends, within the limits of {@link AnswerMemory}.
 */
public final class SsmLists {
    private final StagingArea stage;
    private final SsmServers servers;

    public SsmLists(StagingArea stage, SsmServers servers) {
        this.stage = stage;
        this.servers = servers;
    }

    public List<Account> accounts(HttpAnswer answer) throws CallFailed {
        return answer.read(
                body -> SsmReaders.accounts(body, answer.call().site(), fingerprint(answer), runMemory(answer)));
    }

    public List<VirtualAccount> virtualAccounts(HttpAnswer answer) throws CallFailed {
        return answer.read(body -> SsmReaders.virtualAccounts(body, fingerprint(answer), runMemory(answer)));
    }

    public List<SsmAlert> alerts(HttpAnswer answer) throws CallFailed {
        return answer.read(body -> SsmReaders.alerts(body, fingerprint(answer), runMemory(answer)));
    }

    /**
     * Writes a page to the staging area and records whether there is another page.
     *
     * @throws IllegalArgumentException when a virtual account has no such list
     */
    public void stage(HttpAnswer answer, Paging paging) throws CallFailed {
        Place place = answer.call().place();
        ApiFingerprint fingerprint = fingerprint(answer);
        Page page =
                switch (paging.resource()) {
                    case LICENSES ->
                        (body, lease) -> SsmReaders.licenses(
                                body, place, fingerprint, lease, batch -> stage.licenses(place, batch));
                    case SUBSCRIPTIONS ->
                        (body, lease) -> SsmReaders.subscriptions(
                                body, place, fingerprint, lease, batch -> stage.subscriptions(place, batch));
                    case DEVICES ->
                        (body, lease) ->
                                SsmReaders.devices(body, fingerprint, lease, batch -> stage.devices(place, batch));
                    default ->
                        throw new IllegalArgumentException("a virtual account has no list of " + paging.resource());
                };
        answer.read(body -> {
            try (AnswerMemory.Lease lease =
                    AnswerMemory.ofProcess().lease(answer.call().site().name())) {
                JsonArrayStream.Listed listed = page.read(body, lease);
                paging.read(listed.count(), listed.total(), answer.digest());
                return listed;
            }
        });
    }

    private ApiFingerprint fingerprint(HttpAnswer answer) {
        return servers.of(answer.call().site().name()).fingerprint();
    }

    private AnswerMemory.Lease runMemory(HttpAnswer answer) {
        return servers.of(answer.call().site().name()).runMemory();
    }

    private interface Page {
        JsonArrayStream.Listed read(InputStream body, AnswerMemory.Lease lease) throws IOException;
    }
}
