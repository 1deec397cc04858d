package io.licenserelay.ssm;

import io.licenserelay.evidence.Exchanged;
import io.licenserelay.evidence.Failure;
import io.licenserelay.evidence.Step;
import io.licenserelay.inventory.Account;
import io.licenserelay.inventory.VirtualAccount;
import io.licenserelay.site.Api;
import io.licenserelay.site.Place;
import io.licenserelay.site.Resource;
import io.licenserelay.site.Site;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks each list of a site's SSM once, with the requests, the client and the judgement of a pull, and keeps nothing. Of
 * lists that grow with the estate one entry is asked for. It ends with the first failure that every other request would
 * meet as well, so that a refused credential is sent once.
 */
public final class EndpointLook implements AutoCloseable {
    /** Of more accounts the first ones stand for all. */
    private static final int MOST_ACCOUNTS = 10;

    private static final int ENTRY = 64 * 1024;

    private final Site site;
    private final SsmServer server;
    private final SsmRequests requests;
    private final SsmAnswers answers;
    private final Causes causes;
    private final Clock clock;
    private final CamelContext camel = new DefaultCamelContext();
    private final List<Asked> asked = new ArrayList<>();

    public EndpointLook(Site site, SsmServer server, Clock clock) {
        this.site = site;
        this.server = server;
        this.requests = new SsmRequests(clock);
        this.answers = new SsmAnswers(clock);
        this.causes = new Causes(clock);
        this.clock = clock;
    }

    /**
     * One resource at one place.
     *
     * @param failure as a pull would have it; null when the answer was good
     * @param exchange what was asked and answered; null when nothing was sent
     */
    public record Asked(
            Resource resource,
            Place place,
            @Nullable Failure failure,
            @Nullable Exchanged exchange) {}

    /** What was asked, in order; never empty. */
    public List<Asked> all() throws Exception {
        camel.addComponent(server.scheme(), server.component());
        camel.start();
        Endpoint http = camel.getEndpoint(
                server.scheme() + ":" + site.ssm().url() + "?throwExceptionOnFailure=false&disableStreamCache=true");
        try (Producer producer = http.createProducer()) {
            producer.start();
            lists(producer);
        }
        return List.copyOf(asked);
    }

    /** Ends the server's connections with it, so whoever else needs them has to be done. */
    @Override
    public void close() {
        camel.stop();
    }

    private void lists(Producer producer) throws Exception {
        List<Account> accounts = site.accounts().stream().map(Account::named).toList();
        if (accounts.isEmpty() || site.reports().push().needsNumbers()) {
            List<Account> listed = ask(
                    producer,
                    Resource.ACCOUNTS,
                    exchange(producer, null, site.place()),
                    exchange -> requests.accounts(exchange, site),
                    answer -> SsmReaders.accounts(answer, site, new Seen()));
            accounts = accounts.isEmpty() && listed != null ? listed : accounts;
        }
        boolean looked = false;
        for (Account account : accounts.stream().limit(MOST_ACCOUNTS).toList()) {
            looked |= !hopeless() && account(producer, account, !looked);
        }
    }

    /** @return whether a virtual account's own lists were asked for */
    private boolean account(Producer producer, Account account, boolean whole) throws Exception {
        Place place = site.place().account(account.name());
        List<VirtualAccount> vas = ask(
                producer,
                Resource.VIRTUAL_ACCOUNTS,
                exchange(producer, account, place),
                exchange -> requests.virtualAccounts(exchange, site),
                answer -> SsmReaders.virtualAccounts(answer, new Seen()));
        if (vas == null || vas.isEmpty() || !whole) {
            return false;
        }
        VirtualAccount first =
                vas.stream().min(Comparator.comparing(va -> !va.isDefault())).orElseThrow();
        Place va = place.va(first.name());
        status(producer, Resource.LICENSES, account, va, exchange -> requests.licenses(exchange, site, va));
        status(producer, Resource.SUBSCRIPTIONS, account, va, exchange -> requests.subscriptions(exchange, site, va));
        status(producer, Resource.DEVICES, account, va, exchange -> requests.devices(exchange, site, va));
        if (site.ssm().api() != Api.CSSM) {
            status(producer, Resource.ALERTS, account, place, exchange -> requests.alerts(exchange, site));
        }
        return true;
    }

    private void status(Producer producer, Resource resource, Account account, Place place, Consumer<Exchange> request)
            throws Exception {
        if (!hopeless()) {
            // One entry was asked for, so its beginning is all that there is to see.
            ask(producer, resource, exchange(producer, account, place), request, answer -> answer.readNBytes(ENTRY));
        }
    }

    private Exchange exchange(Producer producer, @Nullable Account account, Place place) {
        Exchange exchange = producer.getEndpoint().createExchange();
        exchange.setProperty(SsmRequests.SITE, site);
        exchange.setProperty(SsmRequests.PLACE, place);
        exchange.setProperty(SsmRequests.ACCOUNT, account);
        exchange.setProperty(SsmRequests.PAGING, new Paging(1));
        return exchange;
    }

    private <T> @Nullable T ask(
            Producer producer, Resource resource, Exchange exchange, Consumer<Exchange> request, Reader<T> reader) {
        Place place = exchange.getProperty(SsmRequests.PLACE, Place.class);
        try {
            request.accept(exchange);
            producer.process(exchange);
            answers.look(exchange, exchange.getProperty(SsmRequests.ASKED, io.licenserelay.ssm.Asked.class));
            answers.check(exchange);
            try (InputStream answer = exchange.getMessage().getBody(InputStream.class)) {
                T read = reader.read(answer);
                asked.add(new Asked(resource, place, null, answered(exchange)));
                return read;
            }
        } catch (Exception failed) {
            Failure failure = causes.failure(exchange, place, failed);
            asked.add(new Asked(resource, place, failure, failure.exchange()));
            return null;
        }
    }

    private @Nullable Exchanged answered(Exchange exchange) {
        Answered answer = exchange.getProperty(SsmRequests.ANSWERED, Answered.class);
        return answer == null ? null : answer.exchanged(clock);
    }

    /** Whether the last failure is one that any other request would meet. */
    private boolean hopeless() {
        Failure last = asked.isEmpty() ? null : asked.get(asked.size() - 1).failure();
        if (last == null) {
            return false;
        }
        Exchanged exchange = last.exchange();
        Integer status = exchange == null ? null : exchange.status();
        return last.step() == Step.TOKEN || status == null || status == 401;
    }

    private interface Reader<T> {
        T read(InputStream answer) throws Exception;
    }
}
