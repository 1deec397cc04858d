package io.licenserelay.ssm;

import io.licenserelay.inventory.Account;
import io.licenserelay.inventory.SsmAlert;
import io.licenserelay.inventory.Stage;
import io.licenserelay.inventory.VirtualAccount;
import io.licenserelay.site.Place;
import io.licenserelay.site.Site;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Reads the lists of a pull; those that grow with the estate go straight to the stage. */
public final class SsmLists {
    private final Stage stage;
    private final SsmServers servers;

    public SsmLists(Stage stage, SsmServers servers) {
        this.stage = stage;
        this.servers = servers;
    }

    public List<Account> accounts(@Body InputStream answer, @ExchangeProperty(SsmRequests.SITE) Site site)
            throws IOException {
        return SsmReaders.accounts(answer, site, seen(site));
    }

    public List<VirtualAccount> virtualAccounts(@Body InputStream answer, @ExchangeProperty(SsmRequests.SITE) Site site)
            throws IOException {
        return SsmReaders.virtualAccounts(answer, seen(site));
    }

    public List<SsmAlert> alerts(@Body InputStream answer, @ExchangeProperty(SsmRequests.SITE) Site site)
            throws IOException {
        return SsmReaders.alerts(answer, seen(site));
    }

    public void stageLicenses(
            @Body InputStream answer,
            @ExchangeProperty(SsmRequests.SITE) Site site,
            @ExchangeProperty(SsmRequests.PLACE) Place place,
            @ExchangeProperty(SsmRequests.PAGING) Paging paging)
            throws IOException {
        read(SsmReaders.licenses(answer, place, seen(site), batch -> stage.licenses(place, batch)), paging);
    }

    public void stageSubscriptions(
            @Body InputStream answer,
            @ExchangeProperty(SsmRequests.SITE) Site site,
            @ExchangeProperty(SsmRequests.PLACE) Place place,
            @ExchangeProperty(SsmRequests.PAGING) Paging paging)
            throws IOException {
        read(SsmReaders.subscriptions(answer, place, seen(site), batch -> stage.subscriptions(place, batch)), paging);
    }

    public void stageDevices(
            @Body InputStream answer,
            @ExchangeProperty(SsmRequests.SITE) Site site,
            @ExchangeProperty(SsmRequests.PLACE) Place place,
            @ExchangeProperty(SsmRequests.PAGING) Paging paging)
            throws IOException {
        read(SsmReaders.devices(answer, seen(site), batch -> stage.devices(place, batch)), paging);
    }

    private Seen seen(Site site) {
        return servers.of(site.name()).seen();
    }

    private static void read(Items.Listed listed, Paging paging) throws BadAnswer {
        paging.read(listed.count(), listed.total());
    }
}
