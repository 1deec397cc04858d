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

/** What a run does with the lists that came: each step is one transaction, in which its events are decided too. */
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
    private final LicenseExpiryCheck endingSoon;

    public InventoryPull(
            Database database,
            Inventory inventory,
            Outbox outbox,
            Provenance provenance,
            ComplianceCheck compliance,
            LicenseExpiryCheck endingSoon,
            SyncService runs,
            Settings settings) {
        this.database = database;
        this.inventory = inventory;
        this.outbox = outbox;
        this.provenance = provenance;
        this.compliance = compliance;
        this.runs = runs;
        this.licensesTopic = settings.topic(Topic.LICENSES);
        this.endingSoon = endingSoon;
    }

    /** Whether SSM is asked for its accounts: to sync all of them, or for the numbers by which reports go out. */
    public boolean asksForAccounts(Site site) {
        return site.accounts().isEmpty() || site.reports().push().needsNumbers();
    }

    /** The accounts to sync where SSM was not asked for its accounts: those that the configuration names. */
    public List<Account> configured(SyncRun run) {
        return accounts(List.of(), run);
    }

    /** The accounts to sync: those that SSM listed, or those named in the configuration, listed or not. */
    public List<Account> accounts(@Body List<Account> listed, SyncRun run) {
        List<Account> all = ofSite(run.site(), listed);
        run.known(all.stream().map(Account::name).collect(Collectors.toSet()));
        return all;
    }

    private List<Account> ofSite(Site site, List<Account> listed) {
        return site.accounts().isEmpty()
                ? withMissing(listed, site)
                : site.accounts().stream().map(name -> known(name, listed)).toList();
    }

    private static Account known(String name, List<Account> listed) {
        return listed.stream()
                .filter(each -> each.name().equals(name) || each.pathName().equals(name))
                .findFirst()
                .map(each -> Account.of(name, each.id(), each.pathName(), each.vaIds()))
                .orElseGet(() -> Account.named(name));
    }

    /** One that was there before and is missing now counts as one that holds nothing. */
    private List<Account> withMissing(List<Account> listed, Site site) {
        Set<String> names = listed.stream().map(Account::name).collect(Collectors.toSet());
        Stream<Account> missing = database.read(tx -> places.accounts(tx, site.place())).stream()
                .filter(Predicate.not(names::contains))
                .map(Account::missing);
        return Stream.concat(listed.stream(), missing).toList();
    }

    /** An account that SSM lists no more has no virtual accounts. */
    public List<VirtualAccount> noVirtualAccounts() {
        return List.of();
    }

    /** The account's turn: it counts in the run from now on. */
    public AccountToPull beginAccount(@Body Account account, SyncRun run) {
        run.account(account.name());
        return new AccountToPull(run.site().place().account(account.name()), account);
    }

    /**
     * SSM listed these. A virtual account that was there before and is missing now is pulled as an empty one, so that the
     * guard against vanishing licenses sees it.
     */
    public List<VirtualAccountToPull> virtualAccounts(
            @Body List<VirtualAccount> answered, SyncRun run, AccountToPull of) {
        Place place = of.place();
        Account account = of.account();
        List<VirtualAccount> listed =
                answered.stream().map(va -> va.of(account)).toList();
        List<VirtualAccount> missing = database.write(tx -> {
            places.update(tx, run.id(), place, account.id(), listed);
            return places.missing(tx, run.id(), place);
        });
        List<VirtualAccountToPull> all = new ArrayList<>();
        listed.forEach(va -> all.add(new VirtualAccountToPull(account, place.va(va.name()), true)));
        missing.forEach(va -> all.add(new VirtualAccountToPull(account, place.va(va.name()), false)));
        run.expect(all.size());
        return all;
    }

    /** SSM's own alerts of the account came. */
    public void alerts(@Body List<SsmAlert> found, SyncRun run, AccountToPull account) {
        Place place = account.place();
        database.write(tx -> alerts.replace(tx, place, found));
        run.alerts(place, found);
    }

    /** Everything that is the account's own came; its virtual accounts stand for themselves. */
    public void endAccount(SyncRun run, AccountToPull account) {
        run.markHealthy(account.place());
    }

    /**
     * The virtual account is staged whole: it becomes the inventory, and its changes become events.
     *
     * @throws VanishedLicenses when it lacks so much that it is not believed
     */
    public void apply(VirtualAccountToPull va, SyncRun run) throws VanishedLicenses {
        Inventory.Applied applied = database.write(tx -> {
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
        }
    }

    private void publish(Handle tx, SyncRun run, VirtualAccountToPull va, InventoryChanges changes) {
        Place place = va.place();
        if (changes.any()) {
            outbox.appendLicenses(tx, licensesTopic, place.path(), place.id(), run.id(), provenance.kept(place.site()));
        }
        compliance.report(tx, run, place, changes);
        endingSoon.report(tx, run, place);
        if (!va.listed()) {
            places.gone(tx, run.id(), place);
        }
    }
}
