package io.licenserelay.sync;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Settings;
import io.licenserelay.config.site.Site;
import io.licenserelay.config.site.Topic;
import io.licenserelay.event.Outbox;
import io.licenserelay.event.Provenance;
import io.licenserelay.inventory.Inventory;
import io.licenserelay.inventory.InventoryChanges;
import io.licenserelay.inventory.Places;
import io.licenserelay.inventory.SsmAlerts;
import io.licenserelay.inventory.VanishedLicenses;
import io.licenserelay.inventory.model.Account;
import io.licenserelay.inventory.model.AccountToPull;
import io.licenserelay.inventory.model.SsmAlert;
import io.licenserelay.inventory.model.VirtualAccount;
import io.licenserelay.inventory.model.VirtualAccountToPull;
import io.licenserelay.store.Database;
import io.licenserelay.sync.run.SyncRun;
import io.licenserelay.sync.run.SyncService;
import io.licenserelay.sync.watch.ComplianceCheck;
import io.licenserelay.sync.watch.LicenseExpiryCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.jdbi.v3.core.Handle;

/** The steps of a run that process SSM's lists. Each step is one transaction, which also decides its events. */
public final class InventoryPull {
    private final Database database;
    private final Outbox outbox;
    private final Provenance provenance;
    private final ComplianceCheck compliance;
    private final SyncService runs;
    private final String licensesTopic;
    private final Places places = new Places();
    private final Inventory inventory;
    private final SsmAlerts alerts = new SsmAlerts();
    private final LicenseExpiryCheck licenseExpiry;

    public InventoryPull(
            Database database,
            Inventory inventory,
            Outbox outbox,
            Provenance provenance,
            ComplianceCheck compliance,
            LicenseExpiryCheck licenseExpiry,
            SyncService runs,
            Settings settings) {
        this.database = database;
        this.inventory = inventory;
        this.outbox = outbox;
        this.provenance = provenance;
        this.compliance = compliance;
        this.runs = runs;
        this.licensesTopic = settings.topic(Topic.LICENSES);
        this.licenseExpiry = licenseExpiry;
    }

    /**
     * Whether the run requests the list of accounts: to sync all accounts, or to get the numeric ids that reports are
     * sent with.
     */
    public boolean asksForAccounts(Site site) {
        return site.accounts().isEmpty() || site.reports().push().needsNumbers();
    }

    /** The accounts to sync if the list of accounts was not requested: the configured accounts. */
    public List<Account> configured(SyncRun run) {
        return accounts(List.of(), run);
    }

    /**
     * The accounts to sync: the configured accounts, listed or not; without configured accounts, those that SSM listed.
     */
    public List<Account> accounts(@Body List<Account> listed, SyncRun run) {
        List<Account> all = toSync(run.site(), listed);
        run.known(all.stream().map(Account::name).collect(Collectors.toSet()));
        return all;
    }

    private List<Account> toSync(Site site, List<Account> listed) {
        return site.accounts().isEmpty()
                ? withMissing(listed, site)
                : site.accounts().stream()
                        .map(name -> configuredAccount(name, listed))
                        .toList();
    }

    private static Account configuredAccount(String name, List<Account> listed) {
        return listed.stream()
                .filter(each -> each.name().equals(name) || each.pathName().equals(name))
                .findFirst()
                .map(each -> Account.of(name, each.id(), each.pathName(), each.vaIds()))
                .orElseGet(() -> Account.named(name));
    }

    /** Adds accounts of earlier runs that SSM no longer lists. They count as empty. */
    private List<Account> withMissing(List<Account> listed, Site site) {
        Set<String> names = listed.stream().map(Account::name).collect(Collectors.toSet());
        Stream<Account> missing = database.read(tx -> places.accounts(tx, site.place())).stream()
                .filter(Predicate.not(names::contains))
                .map(Account::missing);
        return Stream.concat(listed.stream(), missing).toList();
    }

    /** The virtual accounts of an account that SSM no longer lists: none. */
    public List<VirtualAccount> noVirtualAccounts() {
        return List.of();
    }

    /** Starts an account and counts it in the run. */
    public AccountToPull beginAccount(@Body Account account, SyncRun run) {
        run.account(account.name());
        return new AccountToPull(run.site().place().account(account.name()), account);
    }

    /**
     * Processes SSM's list of virtual accounts. A virtual account of an earlier run that is missing now is pulled as an
     * empty one, so that the guard against vanished licenses applies to it.
     */
    public List<VirtualAccountToPull> virtualAccounts(
            @Body List<VirtualAccount> answer, SyncRun run, AccountToPull of) {
        Place place = of.place();
        Account account = of.account();
        List<VirtualAccount> listed = answer.stream().map(va -> va.of(account)).toList();
        List<VirtualAccount> missing = database.write(place.site(), tx -> {
            places.update(tx, run.id(), place, account.id(), listed);
            return places.missing(tx, run.id(), place);
        });
        List<VirtualAccountToPull> all = new ArrayList<>();
        listed.forEach(va -> all.add(new VirtualAccountToPull(account, place.va(va.name()), true)));
        missing.forEach(va -> all.add(new VirtualAccountToPull(account, place.va(va.name()), false)));
        run.expect(all.size());
        return all;
    }

    /** Stores SSM's own alerts of the account. */
    public void alerts(@Body List<SsmAlert> received, SyncRun run, AccountToPull account) {
        Place place = account.place();
        database.write(place.site(), tx -> alerts.replace(tx, place, received));
        run.alerts(place, received);
    }

    /** Marks the account as healthy after all its own lists were read. Its virtual accounts are marked separately. */
    public void endAccount(SyncRun run, AccountToPull account) {
        run.markHealthy(account.place());
    }

    /**
     * Applies a completely staged virtual account to the inventory, and publishes its changes as events.
     *
     * @throws VanishedLicenses when so many licenses are missing that the answer is not accepted
     */
    public void apply(VirtualAccountToPull va, SyncRun run) throws VanishedLicenses {
        Inventory.Applied applied = database.write(run.site().name(), tx -> {
            Inventory.Applied done = inventory.apply(
                    tx, run.id(), va.place(), run.site().guard(), run.request().accept());
            if (done.changes() != null) {
                publish(tx, run, va, done.changes());
            }
            return done;
        });
        if (applied.vanished() != null) {
            throw applied.vanished();
        }
        if (applied.changes() != null) {
            run.applied(va.place(), applied.changes());
            if (applied.changes().outdatesStatistics()) {
                database.refreshStatistics("license");
            }
        }
    }

    private void publish(Handle tx, SyncRun run, VirtualAccountToPull va, InventoryChanges changes) {
        Place place = va.place();
        if (changes.any()) {
            outbox.appendLicenses(tx, licensesTopic, place.path(), place.id(), run.id(), provenance.kept(place.site()));
        }
        compliance.report(tx, run, place, changes);
        licenseExpiry.report(tx, run, place);
        if (!va.listed()) {
            places.gone(tx, run.id(), place);
        }
    }
}
