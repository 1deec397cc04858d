package io.licenserelay.ssm;

import io.licenserelay.inventory.Account;
import io.licenserelay.inventory.SsmAlert;
import io.licenserelay.inventory.Stage;
import io.licenserelay.inventory.VirtualAccount;
import io.licenserelay.site.Place;
import java.util.List;

/** Reads the lists of a pull; those that grow with the estate go straight to the stage. */
public final class SsmLists {
    private final Stage stage;
    private final SsmServers servers;

    public SsmLists(Stage stage, SsmServers servers) {
        this.stage = stage;
        this.servers = servers;
    }

    public List<Account> accounts(SsmAnswer answer) throws CallFailed {
        return answer.read(body -> SsmReaders.accounts(body, answer.call().site(), seen(answer)));
    }

    public List<VirtualAccount> virtualAccounts(SsmAnswer answer) throws CallFailed {
        return answer.read(body -> SsmReaders.virtualAccounts(body, seen(answer)));
    }

    public List<SsmAlert> alerts(SsmAnswer answer) throws CallFailed {
        return answer.read(body -> SsmReaders.alerts(body, seen(answer)));
    }

    public void stageLicenses(SsmAnswer answer, Paging paging) throws CallFailed {
        Place place = answer.call().place();
        page(
                answer,
                paging,
                body -> SsmReaders.licenses(body, place, seen(answer), batch -> stage.licenses(place, batch)));
    }

    public void stageSubscriptions(SsmAnswer answer, Paging paging) throws CallFailed {
        Place place = answer.call().place();
        page(
                answer,
                paging,
                body -> SsmReaders.subscriptions(
                        body, place, seen(answer), batch -> stage.subscriptions(place, batch)));
    }

    public void stageDevices(SsmAnswer answer, Paging paging) throws CallFailed {
        Place place = answer.call().place();
        page(answer, paging, body -> SsmReaders.devices(body, seen(answer), batch -> stage.devices(place, batch)));
    }

    private Seen seen(SsmAnswer answer) {
        return servers.of(answer.call().site().name()).seen();
    }

    private static void page(SsmAnswer answer, Paging paging, SsmAnswer.Reader<Items.Listed> reader) throws CallFailed {
        answer.read(body -> {
            Items.Listed listed = reader.read(body);
            paging.read(listed.count(), listed.total());
            return listed;
        });
    }
}
