package io.licenserelay.simulator.ssm;

import io.licenserelay.config.site.Grant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API client as SSM's API Tool Kit registers it.
 *
 * @param grants usually one: Client Credentials Grant or Resource Owner Grant
 * @param owner the only user who may use the client; null: any user. Cisco advises to log in as the user who created
 *     the client, so we infer that SSM checks this
 * @param hidden accounts without access. SSM does not list them and answers a request for one with 403
 */
public record ApiClient(
        String id,
        String secret,
        Set<Grant> grants,
        @Nullable String owner,
        Set<String> hidden) {

    public static ApiClient of(String id, String secret, Grant... grants) {
        return new ApiClient(id, secret, Set.of(grants), null, Set.of());
    }

    ApiClient ownedBy(String user) {
        return new ApiClient(id, secret, grants, user, hidden);
    }

    public ApiClient withoutAccounts(String... accounts) {
        return new ApiClient(id, secret, grants, owner, Set.of(accounts));
    }

    /** Omits the secret. */
    @Override
    public String toString() {
        return "ApiClient[" + id + " " + grants + "]";
    }
}
