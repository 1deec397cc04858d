package io.licenserelay.ssm;

import io.licenserelay.config.site.Place;
import io.licenserelay.config.site.Resource;
import io.licenserelay.config.site.Site;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Flow;
import io.licenserelay.evidence.HttpExchangeRecord;
import io.licenserelay.evidence.Step;
import io.licenserelay.http.AnswerMemory;
import io.licenserelay.http.HttpAnswer;
import io.licenserelay.http.HttpAnswerCheck;
import io.licenserelay.http.HttpRequests;
import io.licenserelay.http.HttpSender;
import io.licenserelay.http.failure.CallFailed;
import io.licenserelay.http.failure.FailureClassifier;
import io.licenserelay.http.failure.HttpCall;
import io.licenserelay.inventory.model.Account;
import io.licenserelay.inventory.model.AccountToPull;
import io.licenserelay.inventory.model.VirtualAccount;
import io.licenserelay.inventory.model.VirtualAccountToPull;
import io.licenserelay.ssm.json.ApiFingerprint;
import io.licenserelay.ssm.json.Paging;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks each list of a site's SSM once, with the requests, the client and the readers of a pull, and keeps nothing. Of lists that grow
 * with the estate one entry is asked for; whatever comes is read to its end, as a pull reads it. It ends with the first failure that
 * every other request would meet as well, so that a refused credential is sent once.
 */
public final class ApiCheck implements AutoCloseable {
    /** Of more accounts the first ones stand for all. */
    private static final int MOST_ACCOUNTS = 10;

    private final Site site;
    private final SsmRequests requests;
    private final HttpAnswerCheck answers;
    private final FailureClassifier causes;
    private final HttpSender http;
    private final SsmServer server;
    private final AnswerMemory.Lease held;
    private final List<RequestOutcome> outcomes = new ArrayList<>();

    public ApiCheck(Site site, SsmServer server, Clock clock) {
        this.site = site;
        this.requests = new SsmRequests(clock);
        this.answers = new HttpAnswerCheck(clock);
        this.causes = new FailureClassifier(clock);
        this.http = new HttpRequests(clock);
        this.server = server;
        this.held = AnswerMemory.ofProcess().lease(site.name());
    }

    /**
     * One resource at one place.
     *
     * @param failure as a pull would have it; null when the answer was good
     * @param exchange what was asked and answered; null when nothing was sent
     */
    public record RequestOutcome(
            Resource resource,
            Place place,
            @Nullable Failure failure,
            @Nullable HttpExchangeRecord exchange) {}

    /** What was asked, in order; never empty. */
    public List<RequestOutcome> all() {
        List<Account> accounts = site.accounts().stream().map(Account::named).toList();
        if (accounts.isEmpty() || site.reports().push().needsNumbers()) {
            List<Account> listed = request(
                    Resource.ACCOUNTS,
                    requests.accounts(site),
                    answer -> answer.read(body -> SsmReaders.accounts(body, site, new ApiFingerprint(), held)));
            accounts = accounts.isEmpty() && listed != null ? listed : accounts;
        }
        boolean listed = false;
        for (Account account : accounts.stream().limit(MOST_ACCOUNTS).toList()) {
            AccountToPull at = new AccountToPull(site.place().account(account.name()), account);
            listed |= !hopeless() && account(at, !listed);
        }
        return List.copyOf(outcomes);
    }

    @Override
    public void close() {
        held.close();
    }

    /** @return whether a virtual account's own lists were asked for */
    private boolean account(AccountToPull account, boolean whole) {
        List<VirtualAccount> vas = request(
                Resource.VIRTUAL_ACCOUNTS,
                requests.virtualAccounts(site, account),
                answer -> answer.read(body -> SsmReaders.virtualAccounts(body, new ApiFingerprint(), held)));
        if (vas == null || vas.isEmpty() || !whole) {
            return false;
        }
        VirtualAccount first =
                vas.stream().min(Comparator.comparing(va -> !va.isDefault())).orElseThrow();
        Place place = account.place().va(first.name());
        VirtualAccountToPull va = new VirtualAccountToPull(account.account(), place, true);
        list(
                Resource.LICENSES,
                requests.page(site, va, one(Resource.LICENSES)),
                body -> SsmReaders.licenses(body, place, new ApiFingerprint(), held, batch -> {}));
        list(
                Resource.SUBSCRIPTIONS,
                requests.page(site, va, one(Resource.SUBSCRIPTIONS)),
                body -> SsmReaders.subscriptions(body, place, new ApiFingerprint(), held, batch -> {}));
        list(
                Resource.DEVICES,
                requests.page(site, va, one(Resource.DEVICES)),
                body -> SsmReaders.devices(body, new ApiFingerprint(), held, batch -> {}));
        if (site.ssm().api().hasAlerts()) {
            list(
                    Resource.ALERTS,
                    requests.alerts(site, account),
                    body -> SsmReaders.alerts(body, new ApiFingerprint(), held));
        }
        return true;
    }

    private Paging one(Resource resource) {
        return new Paging(resource, 1, site.ssm().limits().list());
    }

    private void list(Resource resource, HttpCall call, HttpAnswer.Reader<?> reader) {
        if (!hopeless()) {
            request(resource, call, answer -> answer.read(reader));
        }
    }

    private <T> @Nullable T request(Resource resource, HttpCall call, Use<T> use) {
        try (HttpAnswer answer = http.send(call.to(server))) {
            answers.check(answer);
            T read = use.of(answer);
            outcomes.add(new RequestOutcome(resource, call.place(), null, answer.exchanged()));
            return read;
        } catch (IOException thrown) {
            CallFailed failed = thrown instanceof CallFailed known ? known : answers.failed(call, thrown);
            Failure failure = causes.failure(call.place(), Flow.PULL, call.step(), failed);
            outcomes.add(new RequestOutcome(resource, call.place(), failure, failure.exchange()));
            return null;
        }
    }

    /** Whether the last failure is one that any other request would meet. */
    private boolean hopeless() {
        Failure last =
                outcomes.isEmpty() ? null : outcomes.get(outcomes.size() - 1).failure();
        if (last == null) {
            return false;
        }
        HttpExchangeRecord exchange = last.exchange();
        Integer status = exchange == null ? null : exchange.status();
        return last.step() == Step.TOKEN || status == null || status == 401;
    }

    private interface Use<T> {
        T of(HttpAnswer answer) throws IOException;
    }
}
