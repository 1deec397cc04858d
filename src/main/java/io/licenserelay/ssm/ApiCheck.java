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
 * Requests each list of a site's SSM once, with the requests, HTTP client and readers of a pull, and stores nothing. For lists that grow
 * with the estate it requests one entry, but reads every answer to its end, as a pull does. It stops at the first failure that would also
 * fail every other request, so that a refused credential is sent only once.
 */
public final class ApiCheck implements AutoCloseable {
    /** If there are more accounts, only the first ones are checked. */
    private static final int MAX_ACCOUNTS = 10;

    private final Site site;
    private final SsmRequests requests;
    private final HttpAnswerCheck answers;
    private final FailureClassifier classifier;
    private final HttpSender http;
    private final SsmServer server;
    private final AnswerMemory.Lease lease;
    private final List<RequestOutcome> outcomes = new ArrayList<>();

    public ApiCheck(Site site, SsmServer server, Clock clock) {
        this.site = site;
        this.requests = new SsmRequests(clock);
        this.answers = new HttpAnswerCheck(clock);
        this.classifier = new FailureClassifier(clock);
        this.http = new HttpRequests(clock);
        this.server = server;
        this.lease = AnswerMemory.ofProcess().lease(site.name());
    }

    /**
     * The result of one request.
     *
     * @param failure the failure that a pull would have, or null if the answer was valid
     * @param exchange the request and its answer, or null if nothing was sent
     */
    public record RequestOutcome(
            Resource resource,
            Place place,
            @Nullable Failure failure,
            @Nullable HttpExchangeRecord exchange) {}

    /** Sends all requests. The outcomes are in the order of the requests; never empty. */
    public List<RequestOutcome> all() {
        List<Account> accounts = site.accounts().stream().map(Account::named).toList();
        if (accounts.isEmpty() || site.reports().push().needsNumbers()) {
            List<Account> listed = request(
                    Resource.ACCOUNTS,
                    requests.accounts(site),
                    answer -> answer.read(body -> SsmReaders.accounts(body, site, new ApiFingerprint(), lease)));
            accounts = accounts.isEmpty() && listed != null ? listed : accounts;
        }
        boolean listed = false;
        for (Account account : accounts.stream().limit(MAX_ACCOUNTS).toList()) {
            AccountToPull accountToPull = new AccountToPull(site.place().account(account.name()), account);
            listed |= !failsEveryRequest() && account(accountToPull, !listed);
        }
        return List.copyOf(outcomes);
    }

    @Override
    public void close() {
        lease.close();
    }

    /** @return whether the lists of a virtual account were requested */
    private boolean account(AccountToPull account, boolean withLists) {
        List<VirtualAccount> vas = request(
                Resource.VIRTUAL_ACCOUNTS,
                requests.virtualAccounts(site, account),
                answer -> answer.read(body -> SsmReaders.virtualAccounts(body, new ApiFingerprint(), lease)));
        if (vas == null || vas.isEmpty() || !withLists) {
            return false;
        }
        VirtualAccount first =
                vas.stream().min(Comparator.comparing(va -> !va.isDefault())).orElseThrow();
        Place place = account.place().va(first.name());
        VirtualAccountToPull va = new VirtualAccountToPull(account.account(), place, true);
        list(
                Resource.LICENSES,
                requests.page(site, va, singleEntry(Resource.LICENSES)),
                body -> SsmReaders.licenses(body, place, new ApiFingerprint(), lease, batch -> {}));
        list(
                Resource.SUBSCRIPTIONS,
                requests.page(site, va, singleEntry(Resource.SUBSCRIPTIONS)),
                body -> SsmReaders.subscriptions(body, place, new ApiFingerprint(), lease, batch -> {}));
        list(
                Resource.DEVICES,
                requests.page(site, va, singleEntry(Resource.DEVICES)),
                body -> SsmReaders.devices(body, new ApiFingerprint(), lease, batch -> {}));
        if (site.ssm().api().hasAlerts()) {
            list(
                    Resource.ALERTS,
                    requests.alerts(site, account),
                    body -> SsmReaders.alerts(body, new ApiFingerprint(), lease));
        }
        return true;
    }

    private Paging singleEntry(Resource resource) {
        return new Paging(resource, 1, site.ssm().limits().list());
    }

    private void list(Resource resource, HttpCall call, HttpAnswer.Reader<?> reader) {
        if (!failsEveryRequest()) {
            request(resource, call, answer -> answer.read(reader));
        }
    }

    private <T> @Nullable T request(Resource resource, HttpCall call, AnswerUse<T> use) {
        try (HttpAnswer answer = http.send(call.to(server))) {
            answers.check(answer);
            T read = use.of(answer);
            outcomes.add(new RequestOutcome(resource, call.place(), null, answer.exchanged()));
            return read;
        } catch (IOException thrown) {
            CallFailed failed = thrown instanceof CallFailed callFailure ? callFailure : answers.failed(call, thrown);
            Failure failure = classifier.failure(call.place(), Flow.PULL, call.step(), failed);
            outcomes.add(new RequestOutcome(resource, call.place(), failure, failure.exchange()));
            return null;
        }
    }

    /** Whether the last failure would also fail every other request. */
    private boolean failsEveryRequest() {
        Failure last =
                outcomes.isEmpty() ? null : outcomes.get(outcomes.size() - 1).failure();
        if (last == null) {
            return false;
        }
        HttpExchangeRecord exchange = last.exchange();
        Integer status = exchange == null ? null : exchange.status();
        return last.step() == Step.TOKEN || status == null || status == 401;
    }

    private interface AnswerUse<T> {
        T of(HttpAnswer answer) throws IOException;
    }
}
